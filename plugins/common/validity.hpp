// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace latchkey::plugin {

// How long a message is worth delivering: at least a second, at most `longest`, which is
// what a gateway takes.
[[nodiscard]] inline std::chrono::seconds validity(std::uint64_t expires_at, std::uint64_t now,
                                                   std::chrono::seconds longest) {
    const std::uint64_t left = expires_at > now ? expires_at - now : 1;
    const auto most = static_cast<std::uint64_t>(longest.count());
    return std::chrono::seconds{static_cast<std::int64_t>(std::min(left, most))};
}

// Rounded up: a code that comes too late is refused here, one that is dropped too early
// helps nobody.
[[nodiscard]] inline std::chrono::minutes in_minutes(std::chrono::seconds validity) {
    return std::chrono::ceil<std::chrono::minutes>(validity);
}

}  // namespace latchkey::plugin
