// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "adapters/system/unique_fd.hpp"
#include "core/result.hpp"
#include "plugins/include/latchkey/plugin.h"

namespace latchkey {

// Loads the shared object behind `file` (open_plugin_file) and returns its
// table, checked for ABI, size, kind and the function of that kind. `name` is for
// messages. Runs the plugin's constructors: close the sandbox first. The object
// stays loaded until the process ends. Misconfigured with one sentence.
Result<const latchkey_plugin_table_v1*> load_plugin(const UniqueFd& file, const std::string& name);

// Its two halves: the table as it is, and what the host demands of one.
Result<const latchkey_plugin_table_v1*> open_table(const UniqueFd& file, const std::string& name);
Result<void> check_table(const latchkey_plugin_table_v1& table, const std::string& name);

// The function that a table may lack, also by being too short for it; nullptr then.
using ProbeFunction = decltype(latchkey_plugin_table_v1::probe);
[[nodiscard]] ProbeFunction probe_of(const latchkey_plugin_table_v1& table);

}  // namespace latchkey
