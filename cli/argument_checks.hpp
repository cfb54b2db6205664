// SPDX-License-Identifier: MIT
//
// Checks of single arguments, for every verb.
#pragma once

#include <string>

#include "core/result.hpp"

namespace latchkey::cli {

inline constexpr std::size_t kLongestName = 256;

// A usage error with that sentence.
[[nodiscard]] Error usage(const std::string& sentence);

// In single quotes, escaped and cut, for a sentence about it.
[[nodiscard]] std::string shown(const std::string& argument);

// Whether it can be an account's name.
[[nodiscard]] Result<void> check_user(const std::string& user);

}  // namespace latchkey::cli
