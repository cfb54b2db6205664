// SPDX-License-Identifier: MIT
//
// When a message that could not be handed over is tried again.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace latchkey {

// Short first, because somebody is waiting at a prompt; then slowly, because a
// mail server that is down stays down for a while.
inline constexpr std::array<std::chrono::seconds, 6> kRetryDelays{
    std::chrono::seconds{5}, std::chrono::seconds{30}, std::chrono::minutes{2},
    std::chrono::minutes{8}, std::chrono::minutes{30}, std::chrono::minutes{60}};

// `tries` counts the tries before the one that has just failed. A gateway's
// `wish` is honoured if it is longer, but never beyond the longest delay: a
// hostile one must not put a notice off for ever.
[[nodiscard]] inline std::chrono::seconds delay_after(std::uint32_t tries,
                                                      std::chrono::seconds wish) {
    const std::size_t step = std::min<std::size_t>(tries, kRetryDelays.size() - 1);
    return std::max(kRetryDelays.at(step), std::min(wish, kRetryDelays.back()));
}

}  // namespace latchkey
