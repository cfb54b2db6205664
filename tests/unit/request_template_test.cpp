// SPDX-License-Identifier: MIT
#include "plugins/sms-http/request_template.hpp"

#include "plugins/sms-http/reply_pattern.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace latchkey::sms_http;

const Values kValues{{"to", "+4917012345678"}, {"text", "a \"b\" <c> & d=e"}, {"code", "47110815"}};

std::string filled(std::string_view text, Place place) {
    const Filled result = fill(text, place, kValues);
    return result.text ? *result.text : "refused: " + result.refusal;
}

bool is_refused(std::string_view text, Place place) {
    return filled(text, place).starts_with("refused: holds {");
}

}  // namespace

TEST_CASE("a placeholder is escaped for the place it stands in") {
    CHECK(filled("https://h/send?to={to}&text={text}", Place::Url) ==
          "https://h/send?to=%2B4917012345678&text=a%20%22b%22%20%3Cc%3E%20%26%20d%3De");
    CHECK(filled("https://h/{to}/{code}", Place::Url) == "https://h/%2B4917012345678/47110815");
    CHECK(filled("https://h?c={code}", Place::Url) == "https://h?c=47110815");
    CHECK(filled("to={to}&text={text}", Place::Form) ==
          "to=%2B4917012345678&text=a%20%22b%22%20%3Cc%3E%20%26%20d%3De");
    CHECK(filled(R"({"to":["{to}"],"n":{"t":"\"{text}"}})", Place::Json) ==
          R"({"to":["+4917012345678"],"n":{"t":"\"a \"b\" <c> & d=e"}})");
    CHECK(filled("<m to='{to}'><t>{text}</t></m>", Place::Xml) ==
          "<m to='+4917012345678'><t>a &quot;b&quot; &lt;c&gt; &amp; d=e</t></m>");
    CHECK(filled("X-To: {to}", Place::Header) == "X-To: +4917012345678");
}

TEST_CASE("a placeholder where no escape makes it safe is refused") {
    for (const char* url :
         {"{to}", "https://{to}/", "{code}://h/", "https://h{code}", "https:/{to}"})
        CHECK(is_refused(url, Place::Url));
    for (const char* json : {"{to}", "{\"a\":{code}}", "{\"a\":\"b\",{text}}",
                             "{\"a\":\"\\\"\"{text}", "{\"a\":\"\\{text}\"}", "[{code}]"})
        CHECK(is_refused(json, Place::Json));
    for (const char* xml :
         {"<{to}>", "<a {text}>", "<a b={to}>", "<!-- {text} -->", "<a>&{code};</a>",
          "<![CDATA[{text}]]>", "<?php {text} ?>", "<!DOCTYPE a><b>{text}</b>"})
        CHECK(is_refused(xml, Place::Xml));
    const Values hostile{{"text", "a\r\nX-Injected: yes"}};
    CHECK_FALSE(fill("X: {text}", Place::Header, hostile).text);
    const Values broken{{"text", "\xff"}};
    CHECK_FALSE(fill("\"{text}\"", Place::Json, broken).text);
    CHECK_FALSE(fill("<a>{text}</a>", Place::Xml, broken).text);
}

TEST_CASE("what a value holds is never taken for a placeholder or for the template's own marks") {
    const Values hostile{{"to", "{code}"}, {"code", "1"}, {"text", "\",\"x\":\""}};
    CHECK(*fill("{to}{code}", Place::Form, hostile).text == "%7Bcode%7D1");
    CHECK(*fill("[\"{text}\",\"{to}\"]", Place::Json, hostile).text ==
          "[\"\\\",\\\"x\\\":\\\"\",\"{code}\"]");
}

TEST_CASE("an unknown placeholder is refused by its name, and other braces are themselves") {
    CHECK(filled("to={tо}", Place::Form) == "to={tо}");  // a Cyrillic letter is no lower-case word
    CHECK(filled("to={number}", Place::Form) == "refused: holds the unknown placeholder {number}");
    CHECK(filled("a={}&b={ to }&c={TO}&d={to", Place::Form) == "a={}&b={ to }&c={TO}&d={to");
}

TEST_CASE("a refusal of a template holds no value") {
    for (const Place place : {Place::Url, Place::Json, Place::Xml}) {
        const Filled result = fill("{to}<{text}", place, kValues);
        CHECK(result.refusal.find("4917012345678") == std::string::npos);
        CHECK(result.refusal.find("47110815") == std::string::npos);
    }
}

TEST_CASE("the content type says how a body is escaped") {
    CHECK(place_of("application/json; charset=utf-8") == Place::Json);
    CHECK(place_of("application/vnd.api+json") == Place::Json);
    CHECK(place_of("text/xml") == Place::Xml);
    CHECK(place_of("application/soap+xml;charset=utf-8") == Place::Xml);
    CHECK(place_of("application/x-www-form-urlencoded") == Place::Form);
    for (const char* other : {"", "text/plain", "multipart/form-data", "application/jsonx"})
        CHECK_FALSE(place_of(other));
}

TEST_CASE("a pattern is found by its parts in their order") {
    CHECK(matches("OK", "status: OK id 17"));
    CHECK(matches("status*OK", "a status of: OK"));
    CHECK(matches("*", ""));
    CHECK(matches("", "anything"));
    CHECK(matches("a*a", "aa"));
    CHECK_FALSE(matches("a*a", "a"));
    CHECK_FALSE(matches("OK", "ok"));
    CHECK_FALSE(matches("OK*status", "status: OK"));
    CHECK(matches("(a+)+$", "x(a+)+$"));
    CHECK_FALSE(matches("(a+)+$", std::string(65536, 'a')));
}

TEST_CASE("a hostile reply does not choose how long a pattern takes") {
    // What makes a backtracking matcher try 64 KiB to the power of 20 ways.
    std::string pattern;
    for (int part = 0; part < 20; ++part) pattern += "a*";
    CHECK_FALSE(matches(pattern + 'b', std::string(65536, 'a')));
}
