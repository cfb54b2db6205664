// SPDX-License-Identifier: MIT
//
// How the root side's files of lines keep texts and numbers: one record is one
// line, its fields stand between tabs.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/recovery.hpp"

namespace latchkey {

// Every byte that is not printable ASCII, and '%', as %HH.
[[nodiscard]] std::string encoded(std::string_view text);
[[nodiscard]] std::optional<std::string> decoded(std::string_view text);

// ISO 8601: "2026-11-24T03:45:11Z".
[[nodiscard]] std::string iso_text(TimePoint time);

[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

// The whole of `text` as a number, or nothing.
template <typename Number>
[[nodiscard]] std::optional<Number> number_in(std::string_view text, int base = 10) {
    Number value{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace latchkey
