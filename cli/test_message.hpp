// SPDX-License-Identifier: MIT
#pragma once

#include "cli/setup.hpp"

namespace latchkey::cli {

// Through a channel host under its own uid, confined as for a code. Rejected or
// Unavailable: what the plugin reported, with what to look at.
Result<void> send_test_message(const Settings& settings, const std::string& address);

}  // namespace latchkey::cli
