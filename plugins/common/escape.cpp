// SPDX-License-Identifier: MIT
#include "plugins/common/escape.hpp"

#include <cctype>
#include <cstdint>

namespace latchkey::plugin {

namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

bool is_unreserved(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 && (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~');
}

// How many bytes a character has that begins with `byte`; 0: none begins so.
std::size_t length_of(unsigned char byte) {
    if (byte < 0x80) return 1;
    if (byte >= 0xc2 && byte < 0xe0) return 2;
    if (byte >= 0xe0 && byte < 0xf0) return 3;
    return byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}

// Of `length` bytes, the first of which length_of() has judged.
bool is_character(std::string_view bytes) {
    std::uint32_t point = static_cast<unsigned char>(bytes[0]) & (0xffU >> (bytes.size() + 1));
    for (const char c : bytes.substr(1)) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xc0U) != 0x80) return false;
        point = point << 6 | (byte & 0x3fU);
    }
    if (bytes.size() == 3) return point >= 0x800 && (point < 0xd800 || point > 0xdfff);
    return bytes.size() != 4 || (point >= 0x10000 && point <= 0x10ffff);
}

std::string_view xml_entity(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        case '\t':
            return "&#9;";
        case '\n':
            return "&#10;";
        case '\r':
            return "&#13;";
        default:
            return {};
    }
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = length_of(static_cast<unsigned char>(text.front()));
        if (length == 0 || length > text.size()) return false;
        if (length > 1 && !is_character(text.substr(0, length))) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string percent_escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (is_unreserved(c)) {
            result += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        result += '%';
        result += kHex[byte >> 4];
        result += kHex[byte & 0xf];
    }
    return result;
}

std::optional<std::string> json_escaped(std::string_view text) {
    if (!is_utf8(text)) return std::nullopt;
    std::string result;
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (is_control(c)) {
            const auto byte = static_cast<unsigned char>(c);
            result += "\\u00";
            result += kHex[byte >> 4];
            result += kHex[byte & 0xf];
        } else {
            result += c;
        }
    }
    return result;
}

std::optional<std::string> xml_escaped(std::string_view text) {
    if (!is_utf8(text)) return std::nullopt;
    std::string result;
    for (const char c : text) {
        const std::string_view entity = xml_entity(c);
        if (entity.empty() && is_control(c) && c != '\x7f') return std::nullopt;
        if (entity.empty())
            result += c;
        else
            result += entity;
    }
    return result;
}

}  // namespace latchkey::plugin
