// SPDX-License-Identifier: MIT
#include "core/masks.hpp"

#include <algorithm>

#include "core/answers.hpp"
#include "core/phone_numbers.hpp"

namespace latchkey {

namespace {

constexpr std::string_view kHidden = "...";
constexpr std::string_view kAt = " at ";
constexpr std::string_view kEndsIn = "that ends in ";
constexpr std::ptrdiff_t kShownDigits = 2;
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

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_mask_of_phone(std::string_view text) {
    return text.size() == kEndsIn.size() + kShownDigits && text.starts_with(kEndsIn) &&
           std::all_of(text.end() - kShownDigits, text.end(), is_digit);
}

bool is_mask_of_other(std::string_view text) {
    return text.size() == kHidden.size() + 2 && may_be_an_end(text.front()) &&
           text.substr(1, kHidden.size()) == kHidden && may_be_an_end(text.back());
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

std::string masked_phone_number(std::string_view number) {
    if (!is_phone_number(number)) return {};
    return std::string{kEndsIn}.append(number.end() - kShownDigits, number.end());
}

std::string masked_other(std::string_view address) {
    const auto first = std::find_if(address.begin(), address.end(), may_be_an_end);
    const auto last = std::find_if(address.rbegin(), address.rend(), may_be_an_end);
    if (first == address.end() || &*first == &*last) return {};
    return *first + std::string{kHidden} + *last;
}

bool is_mask(std::string_view text) {
    if (text.size() > kMaxMaskBytes) return false;
    if (is_mask_of_phone(text) || is_mask_of_other(text)) return true;
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
