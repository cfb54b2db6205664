// SPDX-License-Identifier: MIT
//
// Runs when latchkey is built: draws the signs of the human check with libcaca in a
// FIGfont and prints them as the table core/human_glyphs.hpp declares. What runs as
// root then parses no font and loads no library for it.
//
//   draw_glyphs FONT.flf
#include <caca.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/alphabets.hpp"

namespace {

using Rows = std::vector<std::string>;

constexpr int kHardBlank = 0xa0;

bool is_blank(const std::string& row) {
    return row.find_first_not_of(' ') == std::string::npos;
}

struct FreeCanvas {
    void operator()(caca_canvas_t* canvas) const { caca_free_canvas(canvas); }
};

Rows drawn(char sign, const char* font) {
    const std::unique_ptr<caca_canvas_t, FreeCanvas> owned{caca_create_canvas(0, 0)};
    caca_canvas_t* const canvas = owned.get();
    if (canvas == nullptr || caca_canvas_set_figfont(canvas, font) != 0)
        throw std::runtime_error(std::string{"cannot use the font "} + font);
    caca_put_figchar(canvas, static_cast<unsigned char>(sign));
    caca_flush_figlet(canvas);
    Rows rows;
    for (int y = 0; y < caca_get_canvas_height(canvas); ++y) {
        std::string row;
        for (int x = 0; x < caca_get_canvas_width(canvas); ++x) {
            const auto cell = static_cast<int>(caca_get_char(canvas, x, y));
            if (cell != kHardBlank && (cell < ' ' || cell > '~'))
                throw std::runtime_error("the font draws with signs beyond ASCII");
            row += cell == kHardBlank ? ' ' : static_cast<char>(cell);
        }
        rows.push_back(row);
    }
    while (!rows.empty() && is_blank(rows.back())) rows.pop_back();
    if (rows.size() != latchkey::kHumanGlyphRows)
        throw std::runtime_error(std::string{"not as high as the others: "} + sign);
    return rows;
}

std::string quoted(const std::string& row) {
    std::string text{'"'};
    for (const char c : row) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

void print(const char* font) {
    std::printf(
        "// Made by core/glyphs/draw.cpp; not to be edited.\n"
        "#include \"core/human_glyphs.hpp\"\n\nnamespace latchkey {\n\n"
        "std::span<const HumanGlyph> human_glyphs() {\n"
        "    static constexpr std::array<HumanGlyph, %zu> kGlyphs{{\n",
        latchkey::kHumanAlphabet.size());
    for (const char sign : latchkey::kHumanAlphabet) {
        std::printf("        {'%c', {", sign);
        for (const std::string& row : drawn(sign, font)) std::printf("%s, ", quoted(row).c_str());
        std::printf("}},\n");
    }
    std::printf("    }};\n    return kGlyphs;\n}\n\n}  // namespace latchkey\n");
}

}  // namespace

int main(int argc, char* argv[]) {
    try {
        if (argc != 2) throw std::runtime_error("give the font");
        print(argv[1]);
        return std::fflush(stdout) == 0 ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "draw_glyphs: %s\n", error.what());
        return 1;
    }
}
