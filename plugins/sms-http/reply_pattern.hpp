// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace latchkey::sms_http {

// True if the parts of `pattern` between its '*' occur in `text` one behind the other, with
// anything before, between and after. No other character is special. One pass over the text
// for each part, never back: a regular expression would let a hostile reply choose our time.
[[nodiscard]] inline bool matches(std::string_view pattern, std::string_view text) {
    while (true) {
        const std::size_t star = pattern.find('*');
        const std::string_view part = pattern.substr(0, star);
        const std::size_t at = text.find(part);
        if (at == std::string_view::npos) return false;
        if (star == std::string_view::npos) return true;
        text.remove_prefix(at + part.size());
        pattern.remove_prefix(star + 1);
    }
}

}  // namespace latchkey::sms_http
