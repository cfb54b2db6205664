// SPDX-License-Identifier: MIT
//
// What latchkey(1) exits with, as an AdminReply says it (EXIT STATUS of the manual). The numbers
// are part of the command's interface.
#pragma once

#include <cstdint>

namespace latchkey::exit_statuses {

inline constexpr std::uint8_t kNegative = 1;  // done, and the answer is no: check found errors
inline constexpr std::uint8_t kUsage = 2;
inline constexpr std::uint8_t kNotPermitted = 3;
inline constexpr std::uint8_t kNotFound = 4;
inline constexpr std::uint8_t kConfiguration = 5;
inline constexpr std::uint8_t kChannelFailed = 6;
inline constexpr std::uint8_t kUnreachable = 7;
inline constexpr std::uint8_t kTryLater = 75;

}  // namespace latchkey::exit_statuses
