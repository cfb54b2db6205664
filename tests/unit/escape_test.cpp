// SPDX-License-Identifier: MIT
//
// Hostile texts in every place of a request, and read back by whoever reads that place.
#include "plugins/common/escape.hpp"

#include <nlohmann/json.hpp>

#include "plugins/common/form.hpp"
#include "tests/support/catch.hpp"

namespace {

using latchkey::plugin::form_of;
using latchkey::plugin::is_utf8;
using latchkey::plugin::json_escaped;
using latchkey::plugin::percent_escaped;
using latchkey::plugin::xml_escaped;
using std::string_literals::operator""s;

const std::vector<std::string> kHostile{
    "",
    "4711 0815",
    "\"},{\"to\":\"+4900000000\",\"text\":\"",
    "\\\"\\",
    "a&to=+4900000000&b=",
    "#fragment?query/../path%00%0d%0a",
    "</text><to>+4900000000</to><text>",
    "<!--]]>&amp;&#0;-->",
    "' onload='x",
    "line one\r\nX-Injected: yes\r\n\r\nbody",
    "\t \x7f",
    "{to}{secret}{{code}}",
    "gr\xc3\xb6\xc3\x9f"
    "e \xe2\x82\xac \xe6\xbc\xa2 \xf0\x9f\x94\x91 \xe2\x80\xae",
};

std::string percent_decoded(const std::string& text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            result += text[at];
            continue;
        }
        result += static_cast<char>(std::stoi(text.substr(at + 1, 2), nullptr, 16));
        at += 2;
    }
    return result;
}

}  // namespace

TEST_CASE("a hostile text comes out of a form or a query as it went in") {
    for (const std::string& text : kHostile) {
        CAPTURE(text);
        const std::string escaped = percent_escaped(text);
        CHECK(escaped.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789-._~%") == std::string::npos);
        CHECK(percent_decoded(escaped) == text);
    }
    CHECK(percent_escaped("\0\xff"s) == "%00%FF");
    CHECK(form_of({{"To", "+49 1&x"}, {"a=b", "c"}}) == "To=%2B49%201%26x&a%3Db=c");
}

TEST_CASE("a hostile text comes out of a JSON string as it went in") {
    for (const std::string& text : kHostile) {
        CAPTURE(text);
        const auto escaped = json_escaped(text);
        REQUIRE(escaped);
        const auto parsed = nlohmann::json::parse("{\"text\":\"" + *escaped + "\"}");
        CHECK(parsed.size() == 1);
        CHECK(parsed.at("text") == text);
    }
    const auto nul = json_escaped("a\0b"s);
    REQUIRE(nul);
    CHECK(*nul == "a\\u0000b");
}

TEST_CASE("a hostile text in XML opens no tag, no entity and no quote") {
    for (const std::string& text : kHostile) {
        CAPTURE(text);
        const auto escaped = xml_escaped(text);
        REQUIRE(escaped);
        CHECK(escaped->find_first_of("<>\"'\r\n\t") == std::string::npos);
    }
    CHECK(*xml_escaped("a<b>&\"c\"'d'\n") == "a&lt;b&gt;&amp;&quot;c&quot;&#39;d&#39;&#10;");
}

TEST_CASE("a text that cannot be expressed in its place is refused") {
    for (const std::string& control : {"\x01"s, "\0"s, "\x1b[2J"s, "a\x0c"s}) {
        CHECK_FALSE(xml_escaped(control));
        CHECK(json_escaped(control));
    }
    for (const char* broken : {"\xff", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80",
                               "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "a\x80", "\xe2\x82"}) {
        CAPTURE(broken);
        CHECK_FALSE(is_utf8(broken));
        CHECK_FALSE(json_escaped(broken));
        CHECK_FALSE(xml_escaped(broken));
    }
    CHECK(is_utf8("\xef\xbf\xbf \xf4\x8f\xbf\xbf \xed\x9f\xbf"));
}
