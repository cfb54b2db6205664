// SPDX-License-Identifier: MIT
//
// What an account has for the policy of its host, and what to do about what it has not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/account_status.hpp"

namespace latchkey::cli {

// "2 (1 at the console)"
[[nodiscard]] std::string proofs_asked_for(const AccountStatus& account);
// "1: email"
[[nodiscard]] std::string proofs_there(const AccountStatus& account);

enum class StatusReader : std::uint8_t { Owner, Administrator };

// One line each; the first says what is missing, those behind it with which command it comes.
[[nodiscard]] std::vector<std::string> what_is_missing(const AccountStatus& account,
                                                       StatusReader reader);

}  // namespace latchkey::cli
