// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "monitor/account.hpp"

namespace latchkey {

// Everybody within the host's uid bounds, and whoever is enrolled besides.
[[nodiscard]] std::vector<Account> accounts_of_people(const std::set<std::string>& enrolled);

// The first account of this host that has the uid, as getpwuid(3) has it. Nothing: there is none,
// or a later row of its name is another account.
[[nodiscard]] std::optional<Account> account_of_uid(uid_t uid);

}  // namespace latchkey
