// SPDX-License-Identifier: MIT
#include "plugins/push-xmpp/reply_text.hpp"

#include <algorithm>

namespace latchkey::xmpp {

namespace {

std::string_view without_blanks(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

constexpr std::size_t kLongestDenial = 4;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

std::optional<std::string> number_in(std::string_view text) {
    const std::string_view number = without_blanks(text);
    if (number.size() != 2 || !std::all_of(number.begin(), number.end(), is_digit))
        return std::nullopt;
    return std::string{number};
}

bool is_denial(std::string_view text) {
    std::string word;
    for (const char c : without_blanks(text).substr(0, kLongestDenial + 1)) {
        const bool is_capital = c >= 'A' && c <= 'Z';
        if (!is_capital && (c < 'a' || c > 'z')) break;
        word += is_capital ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return word == "no" || word == "nein" || word == "deny";
}

}  // namespace latchkey::xmpp
