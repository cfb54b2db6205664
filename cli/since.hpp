// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/recovery.hpp"

namespace latchkey::cli {

// A point in time as --since takes it: "2026-11-24" and "2026-11-24T03:45:11Z" are
// UTC; "90m", "24h" and "7d" count back from `now`. Nothing: it is none of these.
[[nodiscard]] std::optional<TimePoint> since_in(std::string_view text, TimePoint now);

// "90m", "24h" or "7d". Nothing: it is none of these.
[[nodiscard]] std::optional<std::chrono::seconds> span_in(std::string_view text);

}  // namespace latchkey::cli
