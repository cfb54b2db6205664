// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <vector>

#include "monitor/account.hpp"

namespace latchkey {

// Everybody within the host's uid bounds, and whoever is enrolled besides.
[[nodiscard]] std::vector<Account> accounts_of_people(const std::set<std::string>& enrolled);

}  // namespace latchkey
