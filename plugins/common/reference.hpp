// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::plugin {

[[nodiscard]] inline std::string letters_and_digits_of(std::string_view text) {
    std::string kept;
    for (const char c : text)
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) kept += c;
    return kept;
}

// What a gateway calls a message, for the log, so that it can be found over there. Empty unless it
// is 1 to 64 letters, digits and '-', and holds nothing `confidential`, whatever stands between its
// letters and digits.
[[nodiscard]] inline std::string reference_of(std::string_view text,
                                              const std::vector<std::string_view>& confidential) {
    constexpr std::size_t kLongest = 64;
    const std::string kept = letters_and_digits_of(text);
    const auto dashes = static_cast<std::size_t>(std::count(text.begin(), text.end(), '-'));
    if (kept.empty() || text.size() > kLongest || kept.size() + dashes != text.size()) return {};
    for (const std::string_view word : confidential) {
        const std::string part = letters_and_digits_of(word);
        if (!part.empty() && kept.find(part) != std::string::npos) return {};
    }
    return std::string{text};
}

}  // namespace latchkey::plugin
