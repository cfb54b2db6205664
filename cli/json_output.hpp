// SPDX-License-Identifier: MIT
//
// What --json prints. Keys are part of the command's interface (latchkey(1)).
#pragma once

#include <ostream>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/account_status.hpp"
#include "cli/finding.hpp"

namespace latchkey::cli {

[[nodiscard]] nlohmann::json json_of(const AccountStatus& account);
[[nodiscard]] nlohmann::json json_of(const StatusAnswer& status);
[[nodiscard]] nlohmann::json json_of(const Findings& findings);

// One line, ASCII only: everything else as \u escapes.
void print_json(std::ostream& out, const nlohmann::json& value);

[[nodiscard]] const char* name_of(Level level);  // "ok", "warn", "error"

}  // namespace latchkey::cli
