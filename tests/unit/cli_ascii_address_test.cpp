// SPDX-License-Identifier: MIT
//
// Internationalised domains, typed as people write them, become what stands in the DNS.
#include <sstream>
#include <string>
#include <vector>

#include "cli/ascii_address.hpp"
#include "tests/support/catch.hpp"

namespace latchkey::cli {

namespace {

// UTF-8, spelt out: this file is ASCII.
const std::string kUe = "\xc3\xbc";
const std::string kSz = "\xc3\x9f";

std::string ascii(const std::string& typed) {
    return ascii_address(typed).value();
}
bool is_refused(const std::string& typed) {
    const auto result = ascii_address(typed);
    return !result && result.error().kind == ErrorKind::Rejected && !result.error().detail.empty();
}

struct Ran {
    Result<std::vector<std::string>> arguments;
    std::string err;
};
Ran run(const std::vector<std::string>& arguments) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    const Terminal terminal{in, out, err};
    auto result = with_ascii_addresses(arguments, terminal);
    return {std::move(result), err.str()};
}

}  // namespace

TEST_CASE("a domain beyond ASCII becomes its form in the DNS") {
    CHECK(ascii("ada@b" + kUe + "cher.example") == "ada@xn--bcher-kva.example");
    CHECK(ascii("ada@B\xc3\x9c"
                "CHER.EXAMPLE") == "ada@xn--bcher-kva.example");
    // A u and two dots above it are the same letter.
    CHECK(ascii("ada@bu\xcc\x88"
                "cher.example") == "ada@xn--bcher-kva.example");
    CHECK(ascii("a.b+c@stra" + kSz + "e.example") == "a.b+c@xn--strae-oqa.example");
    // The full stop of Japanese keyboards ends a label as well.
    CHECK(ascii("ada@b" + kUe +
                "cher\xe3\x80\x82"
                "example") == "ada@xn--bcher-kva.example");
}

TEST_CASE("what is ASCII, or has no domain, stays as it was typed") {
    for (const char* typed : {"ada@example.org", "Ada@EXAMPLE.org", "", "@", "+49 170 1234567",
                              "ada@xn--bcher-kva.example", "no domain \xc3\xbc"})
        CHECK(ascii(typed) == typed);
}

TEST_CASE("what cannot be such a domain is refused with one sentence") {
    CHECK(
        is_refused("\xc3\xa4"
                   "da@example.org"));  // mail here has ASCII names
    CHECK(
        is_refused("ada@b\xfc"
                   "cher.example"));                     // Latin-1, and no UTF-8
    CHECK(is_refused("ada@b" + kUe + " cher.example"));  // a blank
    CHECK(is_refused("ada@b" + kUe + "\x01.example"));   // a control character
    CHECK(is_refused("ada@b" + kUe + "_.example"));
    CHECK(is_refused("ada@b" + kUe + "cher..example"));
    CHECK(is_refused("ada@" + kUe + "@b.example"));
    CHECK(is_refused("ada@-b" + kUe + "cher.example"));  // a hyphen in front
    CHECK(
        is_refused("ada@\xe2\x80\xae"
                   "elpmaxe.org"));  // turns the direction of writing
    CHECK(
        is_refused("ada@\xe2\x98\x83"
                   "..example"));                                          // an empty label
    CHECK(is_refused("ada@" + kUe + std::string(300, 'a') + ".example"));  // too long
    CHECK(ascii_address("\xc3\xa4"
                        "da@example.org")
              .error()
              .detail.find('\xc3') == std::string::npos);
}

TEST_CASE("letters that look like others show as what they are") {
    // The first letter is Cyrillic.
    const std::string shown = ascii(
        "ada@\xd0\xb0"
        "pple.example");
    CHECK(shown == "ada@xn--pple-43d.example");
}

TEST_CASE("what was turned is said on standard error, and nothing else is") {
    const Ran turned = run({"enroll", "email", "ada@b" + kUe + "cher.example"});
    CHECK(turned.arguments.value().at(2) == "ada@xn--bcher-kva.example");
    CHECK(turned.err == "That address is ada@xn--bcher-kva.example.\n");
    CHECK(run({"enroll", "email", "ada@example.org"}).err.empty());
    CHECK_FALSE(run({"enroll", "email", kUe + "@example.org"}).arguments);
    const Ran escape = run({"enroll", "email", "\x1b[2J@b" + kUe + "cher.example"});
    CHECK(escape.err.find('\x1b') == std::string::npos);
}

}  // namespace latchkey::cli
