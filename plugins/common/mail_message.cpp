// SPDX-License-Identifier: MIT
#include "plugins/common/mail_message.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "plugins/common/header_value.hpp"

namespace latchkey::mail {

namespace {

constexpr std::size_t kLongestHeader = 500;
constexpr std::size_t kLongestId = 80;
constexpr std::size_t kLongestLine = 76;
// 39 bytes become 52 characters of base64, 64 with "=?UTF-8?B?" and "?=", 73 with "Subject: ".
constexpr std::size_t kBytesPerWord = 39;

bool is_printable_ascii(char c) {
    return c >= 0x20 && c <= 0x7e;
}

bool is_message_id(std::string_view text) {
    return !text.empty() && text.size() <= kLongestId &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c > 0 && std::isalnum(static_cast<unsigned char>(c)) != 0) || c == '.' ||
                      c == '-' || c == '_' || c == ':';
           });
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string result;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        unsigned group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            result += k <= count ? kDigits[group >> (18 - 6 * k) & 63U] : '=';
    }
    return result;
}

// Where to cut so that no UTF-8 character is torn; bytes that are none are cut anywhere.
std::size_t word_length(std::string_view text) {
    if (text.size() <= kBytesPerWord) return text.size();
    std::size_t length = kBytesPerWord;
    for (int back = 0; back < 3 && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80;
         ++back)
        --length;
    return length;
}

// A display name as RFC 5322 quotes it, with what must stand before the address.
std::string phrase(std::string_view name) {
    if (!std::all_of(name.begin(), name.end(), is_printable_ascii))
        return encoded_words(name) + "\r\n ";
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\" ";
}

std::string date(std::time_t now) {
    std::tm utc{};
    std::array<char, 64> text{};
    // Day and month in English whatever the locale: nothing here calls setlocale.
    if (::gmtime_r(&now, &utc) == nullptr ||
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S +0000", &utc) == 0)
        return {};
    return text.data();
}

// True if the text can travel as it is: printable ASCII in short lines.
bool is_plain(std::string_view text) {
    std::size_t column = 0;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        column = c == '\n' ? 0 : column + 1;
        return (is_printable_ascii(c) || c == '\n') && column <= kLongestLine;
    });
}

std::string with_crlf(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\n') result += '\r';
        result += c;
    }
    if (!text.ends_with('\n')) result += "\r\n";
    return result;
}

}  // namespace

std::string encoded_words(std::string_view text) {
    if (std::all_of(text.begin(), text.end(), is_printable_ascii) &&
        text.find("=?") == std::string_view::npos)
        return std::string{text};
    std::string result;
    while (!text.empty()) {
        const std::size_t length = word_length(text);
        if (!result.empty()) result += "\r\n ";
        result += "=?UTF-8?B?" + base64(text.substr(0, length)) + "?=";
        text.remove_prefix(length);
    }
    return result;
}

std::string quoted_printable(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string result;
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') {
            result += "\r\n";
            column = 0;
            continue;
        }
        const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
        const bool as_it_is = is_printable_ascii(c) && c != '=' && !(c == ' ' && ends_line);
        const std::size_t width = as_it_is ? 1 : 3;
        if (column + width > kLongestLine - 1) {  // one column stays for the soft break
            result += "=\r\n";
            column = 0;
        }
        const auto byte = static_cast<unsigned char>(c);
        if (as_it_is)
            result += c;
        else
            result.append({'=', kHex[byte >> 4], kHex[byte & 0xf]});
        column += width;
    }
    if (!result.ends_with("\r\n")) result += "\r\n";
    return result;
}

std::optional<std::string> compose(const Mailbox& from, const plugin::Message& message,
                                   std::time_t now) {
    if (!is_address(message.to) || !plugin::is_header_value(message.subject) ||
        message.subject.size() > kLongestHeader || from.name.size() > kLongestHeader ||
        !is_message_id(message.message_id))
        return std::nullopt;
    const std::string sender =
        from.name.empty() ? from.address : phrase(from.name) + "<" + from.address + '>';
    const std::string domain = from.address.substr(from.address.find('@') + 1);
    const bool plain = is_plain(message.text);
    std::string result;
    result.append("Date: ").append(date(now));
    result.append("\r\nFrom: ").append(sender);
    result.append("\r\nTo: ").append(message.to);
    result.append("\r\nSubject: ").append(encoded_words(message.subject));
    result.append("\r\nMessage-ID: <").append(message.message_id).append("@" + domain + ">");
    result.append(
        "\r\nAuto-Submitted: auto-generated"
        "\r\nMIME-Version: 1.0"
        "\r\nContent-Type: text/plain; charset=utf-8"
        "\r\nContent-Transfer-Encoding: ");
    result.append(plain ? "7bit\r\n\r\n" : "quoted-printable\r\n\r\n");
    result.append(plain ? with_crlf(message.text) : quoted_printable(message.text));
    return result;
}

}  // namespace latchkey::mail
