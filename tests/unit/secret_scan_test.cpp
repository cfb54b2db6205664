// SPDX-License-Identifier: MIT
//
// A scan that finds nothing is worth what it would have found.
#include "tests/support/secret_scan.hpp"

#include <stdexcept>
#include <string>

#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

const std::string kPassword = "new staple correct";

// The encoding in which the one secret was found; empty if it was not.
std::string found(const std::string& secret, const std::string& bytes) {
    SecretScan scan;
    scan.know("it", secret);
    const auto sightings = scan.look_in(bytes);
    if (sightings.empty()) return {};
    CHECK(sightings.size() == 1);
    CHECK(sightings.front().secret == "it");
    return sightings.front().encoding;
}

}  // namespace

TEST_CASE("a planted secret is found as it is, wherever it stands") {
    CHECK(found(kPassword, kPassword) == "raw");
    CHECK(found(kPassword, "before" + kPassword) == "raw");
    CHECK(found(kPassword, kPassword + std::string(1000, '\0')) == "raw");
    CHECK(found(std::string("\0\1\2\3\4\5", 6), std::string("abc\0\1\2\3\4\5", 9)) == "raw");
}

TEST_CASE("a planted secret is found in hex of either case") {
    CHECK(found("staple\xff", "x737461706c65ffx") == "hex");
    CHECK(found("staple\xff", "x737461706C65FFx") == "hex");
}

// Made with base64(1) and base32(1) of coreutils: nothing, one, two ... bytes in
// front, and bytes behind.
TEST_CASE("a planted secret is found in base64 at every offset and in both alphabets") {
    CHECK(found(kPassword, "bmV3IHN0YXBsZSBjb3JyZWN0") == "base64");
    CHECK(found(kPassword, "eG5ldyBzdGFwbGUgY29ycmVjdHk=") == "base64");
    CHECK(found(kPassword, "eHhuZXcgc3RhcGxlIGNvcnJlY3R5eQ==") == "base64");
    CHECK(found("\xfb\xff\xfe\xfb\xff\xfe", "+//++//+") == "base64");
    CHECK(found("\xfb\xff\xfe\xfb\xff\xfe", "-__--__-") == "base64");
}

TEST_CASE("a planted secret is found in base32 at every offset and in either case") {
    CHECK(found("staple", "ON2GC4DMMU======") == "base32");
    CHECK(found("staple", "PBZXIYLQNRSXS===") == "base32");
    CHECK(found("staple", "PB4HG5DBOBWGK6I=") == "base32");
    CHECK(found("staple", "PB4HQ43UMFYGYZLZ") == "base32");
    CHECK(found("staple", "PB4HQ6DTORQXA3DFPE======") == "base32");
    CHECK(found("staple", "on2gc4dmmu======") == "base32");
}

TEST_CASE("a planted secret is found in UTF-16 of either byte order") {
    std::string little;
    std::string big;
    for (const char sign : kPassword) {
        little += std::string{sign, '\0'};
        big += std::string{'\0', sign};
    }
    CHECK(found(kPassword, "xx" + little) == "utf-16");
    // The same bytes but for the first and the last.
    CHECK(found(kPassword, "xx" + big + "xx") == "utf-16");
}

TEST_CASE("a number is found as a whole number, not within a longer one") {
    CHECK(found("12345678", "code 12345678.") == "raw");
    CHECK(found("12345678", "12345678") == "raw");
    CHECK(found("12345678", "at 1612345678").empty());
    CHECK(found("12345678", "123456789").empty());
}

TEST_CASE("what is no secret is not found, and one that is nearly there neither") {
    CHECK(found(kPassword, "").empty());
    CHECK(found(kPassword, "n").empty());
    CHECK(found(kPassword, "New staple correct").empty());
    CHECK(found(kPassword, kPassword.substr(1)).empty());
    CHECK(found(kPassword, kPassword.substr(0, kPassword.size() - 1)).empty());
}

TEST_CASE("every secret is named, and found as often as it is there") {
    SecretScan scan;
    scan.know("one", "first secret");
    scan.know("two", "second secret");
    scan.know("two", "another text of the second");
    const auto all = scan.look_in("second secret, first secret, second secret");
    REQUIRE(all.size() == 3);
    CHECK(all[0].secret == "two");
    CHECK(all[0].at == 0);
    CHECK(all[1].secret == "one");
    CHECK(all[2].secret == "two");
}

TEST_CASE("a secret too short to be told from chance is refused") {
    SecretScan scan;
    CHECK_THROWS_AS(scan.know("short", "12345"), std::runtime_error);
}
