// SPDX-License-Identifier: MIT
//
// Reads a human check off the screen, as a person does. That this takes forty lines is
// why the check is called a speed bump and no limit relies on it.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/human_glyphs.hpp"

namespace latchkey {

class HumanReader {
public:
    // Of the picture in `screen`; empty if there is none.
    [[nodiscard]] static std::string picture(const std::string& screen) {
        HumanReader reader{screen};
        std::string signs;
        return reader.read_from(0, signs) ? signs : std::string{};
    }

    // Of the line "Kilo, seven, Tango, X-ray, four": what every word stands for.
    [[nodiscard]] static std::string words(const std::string& screen) {
        static const std::array<std::string_view, 4> kNumbers{"three", "four", "seven", "nine"};
        static constexpr std::string_view kDigits = "3479";
        std::string text = line_after(screen, "gives a picture instead.");
        std::string signs;
        while (!text.empty()) {
            const std::string word = text.substr(0, text.find(", "));
            char sign = word[0];
            for (std::size_t i = 0; i < kNumbers.size(); ++i)
                if (word == kNumbers.at(i)) sign = kDigits.at(i);
            signs += sign;
            text.erase(0, word.size() + 2);
        }
        return signs;
    }

private:
    explicit HumanReader(std::string screen) {
        std::erase(screen, '\r');
        const std::size_t title = screen.rfind("read aloud instead.\n");
        if (title != std::string::npos) screen.erase(0, screen.find('\n', title) + 1);
        for (std::string& row : rows_) {
            row = screen.substr(0, screen.find('\n'));
            screen.erase(0, row.size() + 1);
            row.resize(80, ' ');
        }
    }

    static std::string line_after(std::string screen, std::string_view title) {
        std::erase(screen, '\r');
        const std::size_t at = screen.rfind(title);
        if (at == std::string::npos) return {};
        const std::size_t begin = screen.find('\n', at) + 1;
        return screen.substr(begin, screen.find('\n', begin) - begin);
    }

    bool read_from(std::size_t column, std::string& signs) const {
        if (signs.size() == kHumanCheckLength) return is_blank_from(column);
        for (const HumanGlyph& glyph : human_glyphs()) {
            if (!stands_at(column + 1, glyph)) continue;
            signs += glyph.sign;
            if (read_from(column + 1 + glyph.rows[0].size(), signs)) return true;
            signs.pop_back();
        }
        return false;
    }
    [[nodiscard]] bool stands_at(std::size_t column, const HumanGlyph& glyph) const {
        for (std::size_t i = 0; i < rows_.size(); ++i)
            if (rows_.at(i).compare(column, glyph.rows.at(i).size(), glyph.rows.at(i)) != 0)
                return false;
        return true;
    }
    [[nodiscard]] bool is_blank_from(std::size_t column) const {
        for (const std::string& row : rows_)
            if (row.find_first_not_of(' ', column) != std::string::npos) return false;
        return true;
    }

    std::array<std::string, kHumanGlyphRows> rows_;
};

}  // namespace latchkey
