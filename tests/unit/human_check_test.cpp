// SPDX-License-Identifier: MIT
//
// The human check as it is drawn, read aloud and answered.
#include "core/human_check.hpp"

#include <set>

#include "core/human_glyphs.hpp"
#include "core/printable.hpp"
#include "core/screens.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/fake_vault.hpp"
#include "tests/support/human_reader.hpp"

using namespace latchkey;

namespace {

Screen check_of(const std::string& signs, bool in_words, Remark remark = Remark::None) {
    Screen screen;
    screen.kind = ScreenKind::HumanCheck;
    screen.remark = remark;
    screen.signs = signs;
    screen.in_words = in_words;
    return screen;
}

std::size_t longest_line(const std::string& text) {
    std::size_t longest = 0;
    std::size_t column = 0;
    for (const char c : text) longest = std::max(longest, column = c == '\n' ? 0 : column + 1);
    return longest;
}

}  // namespace

TEST_CASE("every sign of the human check has a picture of its own, of one height and ASCII",
          "[human]") {
    REQUIRE(human_glyphs().size() == kHumanAlphabet.size());
    std::set<std::string> pictures;
    for (std::size_t i = 0; i < kHumanAlphabet.size(); ++i) {
        const HumanGlyph& glyph = human_glyphs()[i];
        CHECK(glyph.sign == kHumanAlphabet[i]);
        std::string picture;
        for (const std::string_view row : glyph.rows) {
            CHECK(is_printable(row));
            CHECK(row.size() == glyph.rows[0].size());
            picture += std::string{row} + '\n';
        }
        CHECK(picture.find_first_not_of(" \n") != std::string::npos);
        pictures.insert(picture);
    }
    CHECK(pictures.size() == kHumanAlphabet.size());
}

TEST_CASE("every human check fits on a screen, drawn and in words, with every remark",
          "[human][screens]") {
    std::size_t most_bytes = 0;
    std::size_t most_columns = 0;
    std::uint64_t tried = 0;
    for (const char first : kHumanAlphabet) {
        for (const char rest : kHumanAlphabet) {
            const std::string signs = first + std::string(kHumanCheckLength - 1, rest);
            for (const bool in_words : {false, true}) {
                for (int remark = 0; remark <= static_cast<int>(Remark::MistakeIsNotTold);
                     ++remark) {
                    Screen screen = check_of(signs, in_words, static_cast<Remark>(remark));
                    screen.resume_code = "BCDFGHJK";
                    const auto text = render(screen, {}, "host.example.org");
                    REQUIRE(text.has_value());
                    most_bytes = std::max(most_bytes, text->size());
                    most_columns = std::max(most_columns, longest_line(*text));
                    CHECK(text->ends_with("\nCharacters (Enter goes back): "));
                    ++tried;
                }
            }
        }
    }
    CHECK(most_bytes <= kMaxScreenBytes);
    CHECK(most_columns <= kMaxScreenColumns);
    evidence("human check fits a terminal", std::to_string(tried) + " screens",
             "longest " + std::to_string(most_bytes) + " bytes, " + std::to_string(most_columns) +
                 " columns");
}

TEST_CASE("the words of a human check begin with what is to be typed, and read well aloud",
          "[human]") {
    CHECK(human_check_words("KTX47") == "Kilo, Tango, X-ray, four, seven");
    for (const char sign : kHumanAlphabet) {
        if (sign >= '0' && sign <= '9') continue;
        CHECK(human_check_words(std::string(kHumanCheckLength, sign))[0] == sign);
    }
    const auto text = render(check_of("KTX47", true), {}, "tower");
    CHECK(*text ==
          "Show that you are a person: type the first letter of each word, and for a\n"
          "number its digit. One letter gives a picture instead.\n"
          "Kilo, Tango, X-ray, four, seven\n"
          "Characters (Enter goes back): ");
}

TEST_CASE("what is drawn can be read off again, and what is read aloud names the same", "[human]") {
    FakeVault vault;
    for (std::uint32_t i = 0; i < 500; ++i) {
        vault.foretell(i * 7919);
        std::string signs = fresh_human_check(vault);
        std::swap(signs[i % signs.size()], signs[i / 7 % signs.size()]);
        const auto picture = render(check_of(signs, false), {}, "tower");
        const auto words = render(check_of(signs, true), {}, "tower");
        CHECK(HumanReader::picture(*picture) == signs);
        CHECK(HumanReader::words(*words) == signs);
    }
}

TEST_CASE("a human check is answered in any case and spacing, and by nothing else", "[human]") {
    const FakeVault vault;
    for (const char* right : {"KTX47", "ktx47", " k t x 4 7 ", "KT-X47"})
        CHECK(answers_human_check(vault, right, "KTX47"));
    for (const char* wrong :
         {"", "K", "KTX4", "KTX477", "KTX49", "KTXFS", "Kilo Tango", "KTX4\x01"})
        CHECK_FALSE(answers_human_check(vault, wrong, "KTX47"));
}

TEST_CASE("fresh human checks are of the alphabet, and differ", "[human]") {
    FakeVault vault;
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const std::string signs = fresh_human_check(vault);
        CHECK(is_human_check(signs));
        seen.insert(signs);
    }
    CHECK(seen.size() > 1);
}

TEST_CASE("signs that are none, or on another screen, make no screen", "[human][screens]") {
    for (const std::string signs : {"", "KTX4", "KTX477", "ktx47", "KTX4\n", "KTX4A", "\x1b[2J5"})
        CHECK_FALSE(render(check_of(signs, false), {}, "tower").has_value());
    Screen other;
    other.kind = ScreenKind::WhomToAsk;
    CHECK(render(other, {}, "tower").has_value());
    other.signs = "KTX47";
    CHECK_FALSE(render(other, {}, "tower").has_value());
}
