// SPDX-License-Identifier: MIT
//
// The signs of the human check as pictures of text; the table is made by
// core/glyphs/draw.cpp when latchkey is built.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "core/alphabets.hpp"

namespace latchkey {

struct HumanGlyph {
    char sign;
    std::array<std::string_view, kHumanGlyphRows> rows;  // all of one width, printable ASCII
};

// One for each sign of kHumanAlphabet, in its order.
[[nodiscard]] std::span<const HumanGlyph> human_glyphs();

}  // namespace latchkey
