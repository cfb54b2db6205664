// SPDX-License-Identifier: MIT
#include "core/human_check.hpp"

#include <algorithm>
#include <array>

#include "core/answers.hpp"
#include "core/human_glyphs.hpp"

namespace latchkey {

namespace {

// The international spelling alphabet, in the order of kHumanAlphabet.
constexpr std::array<std::string_view, kHumanAlphabet.size()> kWords{
    "Charlie", "Foxtrot", "Hotel", "Kilo",   "Mike",  "November", "Papa",  "Romeo",
    "Tango",   "Whiskey", "X-ray", "Yankee", "three", "four",     "seven", "nine"};

std::size_t place_of(char sign) {
    return kHumanAlphabet.find(sign);
}

}  // namespace

std::string fresh_human_check(Vault& vault) {
    std::string signs;
    while (signs.size() < kHumanCheckLength)
        signs += kHumanAlphabet[vault.uniform(static_cast<std::uint32_t>(kHumanAlphabet.size()))];
    return signs;
}

bool is_human_check(std::string_view signs) {
    return signs.size() == kHumanCheckLength &&
           signs.find_first_not_of(kHumanAlphabet) == std::string_view::npos;
}

bool answers_human_check(const Vault& vault, std::string_view typed, std::string_view signs) {
    return vault.equal(normalised_human_answer(typed), signs);
}

std::string human_check_picture(std::string_view signs) {
    std::string picture;
    for (std::size_t row = 0; row < kHumanGlyphRows; ++row) {
        std::string line;
        for (const char sign : signs) {
            line += ' ';
            line += human_glyphs()[place_of(sign)].rows.at(row);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        picture += line + '\n';
    }
    return picture;
}

std::string human_check_words(std::string_view signs) {
    std::string words;
    for (const char sign : signs) {
        if (!words.empty()) words += ", ";
        words += kWords.at(place_of(sign));
    }
    return words;
}

}  // namespace latchkey
