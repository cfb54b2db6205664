// SPDX-License-Identifier: MIT
//
// Channels with Profile::Program run what no sandbox holds, so they get no message of an
// account that can become root (monitor/delivery_run.hpp).
#pragma once

#include <string>

#include "core/settings.hpp"

namespace latchkey {

[[nodiscard]] bool runs_programs(const Settings& settings, const std::string& channel);

// True of a delivery method each of whose channels does.
[[nodiscard]] bool runs_programs_only(const Settings& settings, const std::string& method);

// Whether what is enrolled for the method could be one of the proofs of a recovery: not if it is
// configured no more, and of who can become root not if nothing is sent or no device is asked.
[[nodiscard]] bool is_way(const Settings& settings, const std::string& method, bool privileged);

}  // namespace latchkey
