// SPDX-License-Identifier: MIT
#include "core/masks.hpp"

#include <algorithm>

#include "core/answers.hpp"

namespace latchkey {

namespace {

constexpr std::string_view kHidden = "...";
constexpr std::string_view kAt = " at ";
// One less than "password" has: no mask can end a screen with the host's own question.
constexpr std::size_t kMaxShownTopLevel = 7;

bool is_letter_digit_or_hyphen(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

// What a dot-atom may begin or end with.
bool may_be_an_end(char c) {
    return c > ' ' && c <= '~' &&
           std::string_view{"\"(),.:;<>@[\\]"}.find(c) == std::string_view::npos;
}

// Removes `prefix` from the front of `text`, if it stands there.
bool skip(std::string_view& text, std::string_view prefix) {
    if (text.substr(0, prefix.size()) != prefix) return false;
    text.remove_prefix(prefix.size());
    return true;
}

}  // namespace

std::string masked_address(std::string_view address) {
    const auto checked = checked_email_address(address);
    if (!checked) return {};
    const auto at = checked->find('@');
    std::string mask{checked->front()};
    mask += kHidden;
    mask += (*checked)[at - 1];
    mask += kAt;
    mask += (*checked)[at + 1];
    mask += kHidden;
    const std::string top_level = checked->substr(checked->rfind('.') + 1);
    if (top_level.size() <= kMaxShownTopLevel) mask += '.' + top_level;
    return mask;
}

bool is_mask(std::string_view text) {
    if (text.size() > kMaxMaskBytes) return false;
    const auto take_end = [&text] {
        if (text.empty() || !may_be_an_end(text.front())) return false;
        text.remove_prefix(1);
        return true;
    };
    if (!take_end() || !skip(text, kHidden) || !take_end() || !skip(text, kAt)) return false;
    if (text.empty() || !is_letter_digit_or_hyphen(text.front())) return false;
    text.remove_prefix(1);
    if (!skip(text, kHidden)) return false;
    if (text.empty()) return true;
    return skip(text, ".") && text.size() >= 2 && text.size() <= kMaxShownTopLevel &&
           std::all_of(text.begin(), text.end(), is_letter_digit_or_hyphen);
}

std::string possession_of_address(std::string_view address) {
    const auto at = address.rfind('@');
    std::string result = "email:";
    if (at == std::string_view::npos) return result;
    for (const char c : address.substr(at + 1))
        result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return result;
}

}  // namespace latchkey
