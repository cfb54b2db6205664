// SPDX-License-Identifier: MIT
#include "core/answers.hpp"

#include <algorithm>
#include <array>

#include "core/alphabets.hpp"
#include "core/printable.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kMaxCodeBytes = 64;  // typed, with its spaces and hyphens
constexpr std::size_t kMaxLocalPartBytes = 64;
constexpr std::size_t kMaxLabelBytesOfDomain = 63;

// The locale of the process must not decide what an answer means.
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// Empty unless `typed` is made of `alphabet` in either case, spaces and hyphens.
std::string compact(std::string_view typed, std::string_view alphabet) {
    if (typed.size() > kMaxCodeBytes) return {};
    std::string result;
    for (const char c : typed) {
        if (c == ' ' || c == '-') continue;
        if (alphabet.find(upper(c)) == std::string_view::npos) return {};
        result += upper(c);
    }
    return result;
}

std::string_view without_blanks(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

using PaddedAddress = std::array<char, 256>;

// In lower case and filled up with NUL, which no address contains.
PaddedAddress padded(std::string_view address) {
    PaddedAddress result{};
    std::transform(address.begin(), address.end(), result.begin(), lower);
    return result;
}

bool is_dot_atom(std::string_view text) {
    constexpr std::string_view kSigns = "!#$%&'*+-/=?^_`{|}~.";
    if (text.empty() || text.size() > kMaxLocalPartBytes) return false;
    if (text.front() == '.' || text.back() == '.') return false;
    if (text.find("..") != std::string_view::npos) return false;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter(c) || is_digit(c) || kSigns.find(c) != std::string_view::npos;
    });
}

bool is_domain_label(std::string_view label) {
    if (label.empty() || label.size() > kMaxLabelBytesOfDomain) return false;
    if (label.front() == '-' || label.back() == '-') return false;
    return std::all_of(label.begin(), label.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

// Two or more labels, the last one not a number, so that no IP address passes.
bool is_domain(std::string_view text) {
    std::size_t labels = 1;
    for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
        if (!is_domain_label(text.substr(0, dot))) return false;
        text.remove_prefix(dot + 1);
        ++labels;
    }
    return labels >= 2 && text.size() >= 2 && is_domain_label(text) &&
           std::any_of(text.begin(), text.end(), is_letter);
}

}  // namespace

std::string digits_of(std::string_view typed) {
    return compact(typed, "0123456789");
}

std::optional<std::string> normalised_saved_code(std::string_view typed) {
    std::string code = compact(typed, kSavedAlphabet);
    if (code.size() != kSavedCodeLength) return std::nullopt;
    return code;
}

std::string normalised_resume_code(std::string_view typed) {
    std::string code = compact(typed, kResumeAlphabet);
    if (code.size() != kResumeCodeLength) return {};
    return code;
}

std::string normalised_veto_code(std::string_view typed) {
    std::string code = compact(typed, kResumeAlphabet);
    if (code.size() != kVetoCodeLength) return {};
    return code;
}

std::string normalised_human_answer(std::string_view typed) {
    return compact(typed, kHumanAlphabet);
}

bool same_address(const Vault& vault, std::string_view typed, std::string_view stored) {
    const std::string_view wanted = without_blanks(typed);
    if (wanted.empty() || wanted.size() > kMaxAddressBytes || !is_printable(wanted)) return false;
    if (stored.empty() || stored.size() > kMaxAddressBytes) return false;
    const PaddedAddress a = padded(wanted);
    const PaddedAddress b = padded(stored);
    return vault.equal({a.data(), a.size()}, {b.data(), b.size()});
}

std::optional<std::string> checked_email_address(std::string_view text) {
    const std::string_view address = without_blanks(text);
    if (address.size() > kMaxAddressBytes) return std::nullopt;
    const auto at = address.find('@');
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view domain = address.substr(at + 1);
    if (!is_dot_atom(address.substr(0, at)) || !is_domain(domain)) return std::nullopt;
    std::string result{address};
    std::transform(result.begin() + static_cast<std::ptrdiff_t>(at), result.end(),
                   result.begin() + static_cast<std::ptrdiff_t>(at), lower);
    return result;
}

}  // namespace latchkey
