// SPDX-License-Identifier: MIT
//
// One look at an account's home, by a child process that has the account's rights on files and is
// not waited for longer than it is worth: a home may lie on a network disk that is gone.
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>

#include "monitor/account.hpp"

namespace latchkey {

// For all looks of one recovery together.
inline constexpr std::chrono::seconds kLookingAtHome{2};

// With the home open (O_PATH); nothing but system calls, and no link followed. Not 0.
using HomeLook = std::uint8_t (*)(int home, std::time_t since);

// What `look` returns; 0: the home could not be looked at, or not in time. What it took is gone
// from `patience`.
[[nodiscard]] std::uint8_t look_at_home(const Account& account, HomeLook look, std::time_t since,
                                        std::chrono::milliseconds& patience);

}  // namespace latchkey
