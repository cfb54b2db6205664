// SPDX-License-Identifier: MIT
//
// A one-time code as people type it. Apps show "123 456", and some type it so.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

namespace latchkey::plugin {

constexpr std::size_t kOtpDigits = 6;  // RFC 4226, section 5.3: what every app and token shows

inline std::string without_spaces(std::string_view answer) {
    std::string result;
    std::copy_if(answer.begin(), answer.end(), std::back_inserter(result),
                 [](char c) { return c != ' '; });
    return result;
}

// True if `text` is as many one-time codes, one behind the other.
inline bool is_otps(std::string_view text, std::size_t number) {
    return text.size() == number * kOtpDigits &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace latchkey::plugin
