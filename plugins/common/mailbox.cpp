// SPDX-License-Identifier: MIT
#include "plugins/common/mailbox.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <cctype>

#include "plugins/common/header_value.hpp"

namespace latchkey::mail {

namespace {

constexpr std::size_t kLongestAddress = 254;
constexpr std::size_t kLongestLocalPart = 64;
constexpr std::size_t kLongestHostName = 253;
constexpr std::size_t kLongestLabel = 63;

bool is_alphanumeric(char c) {
    return c > 0 && std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// True if `text` is labels joined by single dots and each passes `is_label`.
template <typename IsLabel>
bool is_dotted(std::string_view text, IsLabel is_label) {
    while (true) {
        const std::size_t dot = text.find('.');
        if (!is_label(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

bool is_host_label(std::string_view label) {
    return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' &&
           label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
               return is_alphanumeric(c) || c == '-';
           });
}

bool is_atom(std::string_view text) {
    constexpr std::string_view kOthers = "!#$%&'*+-/=?^_`{|}~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos;
    });
}

}  // namespace

bool is_host_name(std::string_view text) {
    return text.size() <= kLongestHostName && is_dotted(text, is_host_label);
}

bool is_address(std::string_view text) {
    const std::size_t at = text.find('@');
    return text.size() <= kLongestAddress && at != std::string_view::npos &&
           at <= kLongestLocalPart && is_dotted(text.substr(0, at), is_atom) &&
           is_host_name(text.substr(at + 1));
}

std::optional<Mailbox> mailbox_of(std::string_view text) {
    if (!plugin::is_header_value(text)) return std::nullopt;
    Mailbox mailbox;
    const std::size_t open = text.find('<');
    if (open == std::string_view::npos) {
        mailbox.address = text;
    } else {
        if (!text.ends_with('>')) return std::nullopt;
        mailbox.address = text.substr(open + 1, text.size() - open - 2);
        text = text.substr(0, open);
        while (text.ends_with(' ')) text.remove_suffix(1);
        mailbox.name = text;
    }
    if (!is_address(mailbox.address)) return std::nullopt;
    return mailbox;
}

std::string this_host() {
    utsname names{};
    const std::string name = ::uname(&names) == 0 ? names.nodename : "";
    return is_host_name(name) ? name : "localhost";
}

}  // namespace latchkey::mail
