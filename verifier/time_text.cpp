// SPDX-License-Identifier: MIT
#include "verifier/time_text.hpp"

#include <time.h>

#include <array>
#include <ctime>

namespace latchkey {

std::string iso_time(TimePoint time) {
    const std::time_t seconds = time.time_since_epoch().count();
    std::tm parts{};
    std::array<char, 32> text{};
    if (::gmtime_r(&seconds, &parts) == nullptr) return {};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace latchkey
