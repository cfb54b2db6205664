// SPDX-License-Identifier: MIT
#include "core/printable.hpp"

#include <algorithm>

namespace latchkey {

namespace {
bool printable(char c) {
    return c >= 0x20 && c <= 0x7e;
}
}  // namespace

bool is_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), printable);
}

std::string escaped(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        if (c == '\\') {
            result += "\\\\";
        } else if (printable(c)) {
            result += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            result += "\\x";
            result += kHex[byte >> 4];
            result += kHex[byte & 0xf];
        }
    }
    return result;
}

std::string in_quotes(std::string_view text) {
    std::string result{text};
    std::replace(result.begin(), result.end(), '"', '\'');
    return '"' + result + '"';
}

}  // namespace latchkey
