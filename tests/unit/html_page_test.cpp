// SPDX-License-Identifier: MIT
#include "plugins/common/html_page.hpp"

#include "tests/support/catch.hpp"

namespace {

using namespace latchkey::mail;
using std::string;

latchkey::plugin::Message message(std::string_view text, std::string_view code = {}) {
    return {"ada@example.org", "Subject <&>", text, "id", "", code, 1};
}

string page(std::string_view html, std::string_view text, std::string_view code = {}) {
    return page_of(html, message(text, code)).value();
}

}  // namespace

TEST_CASE("subject and text are put into a page, escaped", "[html]") {
    CHECK(page("<i title=\"{subject}\">{text}</i>", "a<b>\n\"c\" & 'd'\n") ==
          "<i title=\"Subject &lt;&amp;&gt;\">a&lt;b&gt;<br>\n&quot;c&quot; &amp; &#39;d&#39;</i>");
    CHECK(page("{text}{text}", "x") == "xx");
    CHECK(page("body { margin: 0 } {Text} {{text}}", "x") == "body { margin: 0 } {Text} {x}");
}

TEST_CASE("what a message holds is never taken for a placeholder", "[html]") {
    CHECK(page("{text}|{subject}", "{subject}{text}") == "{subject}{text}|Subject &lt;&amp;&gt;");
}

TEST_CASE("the code stands out, in groups or not, and once in its line", "[html]") {
    CHECK(page("{text}", "Code: 4711 0815\nvalid", "47110815") ==
          "Code: <strong>4711 0815</strong><br>\nvalid");
    CHECK(page("{text}", "Code 47110815.", "47110815") == "Code <strong>47110815</strong>.");
    CHECK(page("{text}", "4711  0815", "47110815") == "4711  0815");
    CHECK(page("{text}", "4711\n0815", "47110815") == "4711<br>\n0815");
    CHECK(page("{text}", "Code 4711 0815", "") == "Code 4711 0815");
    CHECK(page("{text}", "<b>", "<b>") == "<strong>&lt;b&gt;</strong>");
}

TEST_CASE("a text that no page can show has no page", "[html]") {
    for (const string& text :
         {string{"a\xff"}, string{"a\0b", 3}, string{"a\x1b[2J"}, string{"\xc0\xbc"}})
        CHECK_FALSE(page_of("{text}", message(text)));
    CHECK(page_of("{text}", message("")) == "");
}

TEST_CASE("a template loads nothing, leads nowhere and has a place for the text", "[html]") {
    CHECK(refusal_of_template("<p style='color: #333'>{text}</p>").empty());
    CHECK(refusal_of_template("Grüße\r\n{text}").find("is no text in UTF-8") == 0);
    CHECK(refusal_of_template("Grüße\n\t{text}").empty());
    CHECK(refusal_of_template("").find("has no {text}") == 0);
    CHECK(refusal_of_template("{text}\xff") == "is no text in UTF-8");
    CHECK(refusal_of_template(string(16384, ' ') + "{text}").find("is longer") == 0);
    for (const char* unwanted :
         {"<a HREF='x'>", "<img src=x>", "<p style='background:url(x)'>",
          "<body background='//x/y'>", "<video poster='https:x'>", "<style>@import 'x'</style>",
          "<SCRIPT>", "<object data=x>", "<form action=x>",
          "<meta http-equiv=refresh content='0;HTTP:x'>"}) {
        CAPTURE(unwanted);
        CHECK(refusal_of_template(string{"{text}"} + unwanted).find("loads nothing") !=
              string::npos);
    }
}
