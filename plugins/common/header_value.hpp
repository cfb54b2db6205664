// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string_view>

namespace latchkey::plugin {

// True if `text` can stand behind "Name: " of a header line and nowhere else: no
// control character, so no CR, LF or NUL. Bytes above 127 are not judged.
[[nodiscard]] inline bool is_header_value(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

}  // namespace latchkey::plugin
