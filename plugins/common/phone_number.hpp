// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string_view>

namespace latchkey::plugin {

// Strict E.164: '+', a digit from 1 to 9, then 6 to 14 digits. Nothing else may be put
// into a request as a phone number.
[[nodiscard]] inline bool is_phone_number(std::string_view text) {
    constexpr std::size_t kShortest = 8;
    constexpr std::size_t kLongest = 16;
    return text.size() >= kShortest && text.size() <= kLongest && text[0] == '+' &&
           text[1] != '0' &&
           std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Without its '+', as some gateways want it.
[[nodiscard]] inline std::string_view digits_of(std::string_view phone_number) {
    return phone_number.substr(1);
}

}  // namespace latchkey::plugin
