// SPDX-License-Identifier: MIT
#include "plugins/common/mail_encoding.hpp"

#include <algorithm>
#include <cstddef>

namespace latchkey::mail {

namespace {

constexpr std::size_t kLongestLine = 76;
// 39 bytes become 52 characters of base64, 64 with "=?UTF-8?B?" and "?=", 73 with "Subject: ".
constexpr std::size_t kBytesPerWord = 39;
constexpr std::size_t kLongestWord = 64;

bool is_printable_ascii(char c) {
    return c >= 0x20 && c <= 0x7e;
}

bool needs_no_encoded_word(std::string_view text) {
    return text.size() <= kLongestWord &&
           std::all_of(text.begin(), text.end(), is_printable_ascii) &&
           text.find("=?") == std::string_view::npos;
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

// True if the text can travel as it is: printable ASCII in short lines, and no "=_".
bool is_plain(std::string_view text) {
    std::size_t column = 0;
    return text.find("=_") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [&](char c) {
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

// RFC 2045.
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

}  // namespace

std::string encoded_words(std::string_view text) {
    if (needs_no_encoded_word(text)) return std::string{text};
    std::string result;
    while (!text.empty()) {
        const std::size_t length = word_length(text);
        if (!result.empty()) result += "\r\n ";
        result += "=?UTF-8?B?" + base64(text.substr(0, length)) + "?=";
        text.remove_prefix(length);
    }
    return result;
}

std::string phrase(std::string_view name) {
    if (!needs_no_encoded_word(name)) return encoded_words(name) + "\r\n ";
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\" ";
}

EncodedBody encoded_body(std::string_view text) {
    if (is_plain(text)) return {"7bit", with_crlf(text)};
    return {"quoted-printable", quoted_printable(text)};
}

}  // namespace latchkey::mail
