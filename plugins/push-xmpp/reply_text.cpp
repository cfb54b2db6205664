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
    constexpr std::size_t kLongestWord = 4;
    std::string word{without_blanks(text).substr(0, kLongestWord + 1)};
    std::transform(word.begin(), word.end(), word.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return word == "no" || word == "nein" || word == "deny";
}

}  // namespace latchkey::xmpp
