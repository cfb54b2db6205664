// SPDX-License-Identifier: MIT
#include "plugins/twilio/spoken_message.hpp"

#include <regex>

#include "tests/support/catch.hpp"

namespace {

using namespace latchkey::twilio;

// What is said, without markup: one line for each <Say>.
std::string heard(const std::string& markup) {
    std::string words;
    const std::regex say{"<Say language=\"en-US\">([^<]*)</Say>"};
    for (std::sregex_iterator at{markup.begin(), markup.end(), say}, end; at != end; ++at)
        words += (*at)[1].str() + '\n';
    return words;
}

std::size_t pauses_in(const std::string& markup) {
    const std::regex pause{"<Pause length=\"1\"/>"};
    return static_cast<std::size_t>(std::distance(
        std::sregex_iterator{markup.begin(), markup.end(), pause}, std::sregex_iterator{}));
}

}  // namespace

TEST_CASE("a voice says a code digit by digit with pauses, twice") {
    const auto markup = spoken_code("4710");
    REQUIRE(markup);
    CHECK(heard(*markup) ==
          "Your recovery code is\n4\n7\n1\n0\nOnce more, your recovery code is\n4\n7\n1\n0\n"
          "Goodbye.\n");
    CHECK(pauses_in(*markup) == 1 + 2 * (1 + 4));
    CHECK(spoken_code("4711081599")->size() < 4000);  // what Twilio takes at most
}

TEST_CASE("only digits are said as a code") {
    for (const char* code :
         {"", "47 11", "4711<", "<Dial>", "47110815\n", "-1", "99999999999999999"}) {
        CAPTURE(code);
        CHECK_FALSE(spoken_code(code));
        CHECK_FALSE(spoken_code_after_key(code, "https://handler.example.org/bin"));
    }
}

TEST_CASE("before a key is pressed no digit of the code is said") {
    const auto markup = spoken_code_after_key("4710", "https://handler.example.org/bin?a&b");
    REQUIRE(markup);
    CHECK(heard(*markup) == "To hear your recovery code, press any digit.\nGoodbye.\n");
    CHECK(markup->find("action=\"https://handler.example.org/bin?a&amp;b?code="
                       "4%2C%207%2C%201%2C%200\"") != std::string::npos);
}

TEST_CASE("a notice is said twice and cannot add to the markup") {
    CHECK(heard(*spoken_notice("Your password was changed.")) ==
          "Your password was changed.\nYour password was changed.\n");
    const auto hostile = spoken_notice("</Say><Dial>+490000000</Dial><Say>");
    REQUIRE(hostile);
    CHECK(hostile->find("<Dial>") == std::string::npos);
    CHECK_FALSE(spoken_notice("a\x01"));
}
