// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "cli/account_status.hpp"
#include "cli/table.hpp"

namespace latchkey::cli {

// Commands with which the owner sets up what the configuration of this host has, as they are
// typed, and what has to be at hand. Nothing where an administrator has to make the beginning.
[[nodiscard]] std::optional<Table> methods_here(const AccountStatus& account);

}  // namespace latchkey::cli
