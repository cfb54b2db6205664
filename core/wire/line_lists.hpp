// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace latchkey::wire {

// Numbers of lines in one row of an answer: of ten digits each they fit into a packet.
inline constexpr std::size_t kLinesOfRow = 300;

// Gives `each` all of them, as many at a time.
template <class Each>
void in_lists(const std::vector<std::uint32_t>& lines, const Each& each) {
    for (std::size_t from = 0; from < lines.size(); from += kLinesOfRow) {
        const auto first = lines.begin() + static_cast<std::ptrdiff_t>(from);
        const std::size_t number = std::min(kLinesOfRow, lines.size() - from);
        each(std::vector<std::uint32_t>(first, first + static_cast<std::ptrdiff_t>(number)));
    }
}

}  // namespace latchkey::wire
