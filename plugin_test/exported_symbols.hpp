// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/system/unique_fd.hpp"

namespace latchkey::plugin_test {

// Names that a shared object offers to others, read from the file without loading it.
// Nothing if the file has no readable table of them.
[[nodiscard]] std::optional<std::vector<std::string>> exported_symbols(const UniqueFd& file);

}  // namespace latchkey::plugin_test
