// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace latchkey {

// ISO 8601 as it stands in rows, "2026-12-04T00:23:00Z", for a sentence: "2026-12-04 00:23 UTC",
// as utc_text() has it. Anything else is returned as it is.
[[nodiscard]] inline std::string utc_text_of(std::string_view iso) {
    constexpr std::string_view kShape = "0000-00-00T00:00:00Z";
    bool fits = iso.size() == kShape.size();
    for (std::size_t i = 0; fits && i < kShape.size(); ++i)
        fits = kShape[i] == '0' ? iso[i] >= '0' && iso[i] <= '9' : iso[i] == kShape[i];
    if (!fits) return std::string{iso};
    return std::string{iso.substr(0, 10)} + ' ' + std::string{iso.substr(11, 5)} + " UTC";
}

}  // namespace latchkey
