// SPDX-License-Identifier: MIT
#include "core/masks.hpp"

#include <set>
#include <string>

#include "tests/support/catch.hpp"

namespace latchkey {

namespace {

std::string hidden(const char* before, std::size_t length, const char* after) {
    std::string text{before};
    text.append(length, 'x');
    return text.append(after);
}

}  // namespace

TEST_CASE("a mask tells the ends of the name, the first letter and the end of the domain") {
    CHECK(masked_address("ada.lovelace@example.org") == "a...e at e....org");
    CHECK(masked_address("Ada@Example.ORG") == "A...a at e....org");
    CHECK(masked_address("x@mail.example.co.uk") == "x...x at m....uk");
    CHECK(masked_address("ada99@example.com") == "a...9 at e....com");
}

TEST_CASE("a long top-level domain is not told") {
    CHECK(masked_address("ada@example.academy") == "a...a at e....academy");
    CHECK(masked_address("ada@example.software") == "a...a at e...");
    CHECK(masked_address("ada@example.community") == "a...a at e...");
}

TEST_CASE("a mask does not tell how long the hidden part is") {
    std::set<std::string> masks;
    for (std::size_t n = 0; n < 60; ++n)
        masks.insert(masked_address(hidden("a", n, "z@e") + hidden("", n, ".org")));
    CHECK(masks == std::set<std::string>{"a...z at e....org"});
}

TEST_CASE("what is no address has no mask") {
    for (const char* text : {"", "ada", "ada@", "@example.org", "ada@localhost", "a\n@example.org"})
        CHECK(masked_address(text).empty());
}

TEST_CASE("of a telephone number the last two digits are told, in words that read well aloud") {
    CHECK(masked_phone_number("+491701234567") == "that ends in 67");
    CHECK(is_mask("that ends in 67"));
    for (const char* text : {"", "491701234567", "+49", "+49170123456x", "ada@example.org"})
        CHECK(masked_phone_number(text).empty());
    for (const char* text : {"that ends in 6", "that ends in 678", "that ends in 6a",
                             "That ends in 67", "that ends in 67 "})
        CHECK_FALSE(is_mask(text));
}

TEST_CASE("of another address its ends are told") {
    CHECK(masked_other("@ada:example.org") == "a...g");
    CHECK(masked_other("ada.lovelace#4711") == "a...1");
    CHECK(is_mask("a...g"));
    for (const char* text : {"", "@", ":a:", "::::"}) CHECK(masked_other(text).empty());
    for (const char* text : {"a...", "...g", "a..g", "ab...g", "a...gh", ":...g", "a...:", "a... "})
        CHECK_FALSE(is_mask(text));
}

TEST_CASE("every mask is recognised as one and fits its bound") {
    for (const char* address : {"ada@example.org", "x@y.de", "!a~@example.org", "a@example.academy",
                                "a@example.community", "a@xn--bcher-kva.example", "0@1.museum"}) {
        const std::string mask = masked_address(address);
        INFO(mask);
        CHECK_FALSE(mask.empty());
        CHECK(mask.size() <= kMaxMaskBytes);
        CHECK(is_mask(mask));
    }
}

TEST_CASE("nothing else passes for a mask") {
    for (const char* text : {"",
                             "a",
                             "a...a at ",
                             "a...a at e",
                             "a...a at e....",
                             "a...a at e....o",
                             "a...a at e....o rg",
                             "a...a at e...org",
                             "a...a at e....org ",
                             " a...a at e....org",
                             "a....a at e....org",
                             "ab...a at e....org",
                             "a...a at e....org.",
                             "a...a at e....software",
                             "a...a\nat e....org",
                             "a...a at e....\x1b[0",
                             "Type your PIN:",
                             "....a at e....org",
                             "a...: at e....org",
                             "a...a at :....org",
                             "a...a at e....o:g"}) {
        INFO(text);
        CHECK_FALSE(is_mask(text));
    }
}

TEST_CASE("a mask is made of the signs that addresses have, and of none beside them") {
    for (const char* text : {"A...9 at E....ORG", "a...a at 9....x-9", "a...a at -...",
                             "!...~ at z...", "0...z at A....aZ"})
        CHECK(is_mask(text));
    for (const char* text :
         {"a...a at {....org", "a...a at [....org", "a...a at `....org", "a...a at /....org",
          "a...a at @....org", "a...a at e....o{g", "a...a at e....o[g", "a...a at e....o",
          "a...a at e...org", " ...a at e....org", "\x7f...a at e....org", "a...\xc3 at e....org",
          "that ends in 6/", "that ends in 6:", "that ends in /6"}) {
        INFO(text);
        CHECK_FALSE(is_mask(text));
    }
}

TEST_CASE("no mask spells the host's own question") {
    // At the end of "type the complete e-mail address ..." it would read as a prompt.
    for (const char* domain : {"example.password", "example.Password", "password", "p.PASSWORD"}) {
        INFO(domain);
        CHECK(masked_address(std::string{"ada@"} + domain).find("ass") == std::string::npos);
        CHECK_FALSE(is_mask(std::string{"a...a at e...."} + domain));
    }
    CHECK_FALSE(is_mask("a...a at e....Password"));
    CHECK_FALSE(is_mask("a...a at e....password"));
}

TEST_CASE("all addresses of one domain are one possession") {
    CHECK(possession_of_address("ada@example.org") == "email:example.org");
    CHECK(possession_of_address("Eve@Example.ORG") == "email:example.org");
    CHECK(possession_of_address("ada@mail.example.org") == "email:mail.example.org");
    CHECK(possession_of_address("ada") == "email:");
}

}  // namespace latchkey
