// SPDX-License-Identifier: MIT
#include "core/answers.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/fake_vault.hpp"

namespace latchkey {

TEST_CASE("digits are found between spaces and hyphens") {
    CHECK(digits_of("12345678") == "12345678");
    CHECK(digits_of("1234 5678") == "12345678");
    CHECK(digits_of(" 12-34-56 78 ") == "12345678");
    CHECK(digits_of("") == "");
    CHECK(digits_of(" - ") == "");
}

TEST_CASE("anything but digits is no code") {
    for (const char* typed : {"1234567x", "12345,678", "1234\t5678", "+1234", "1e5", "0x12", "r"})
        CHECK(digits_of(typed).empty());
    CHECK(digits_of(std::string(64, '1')).size() == 64);
    CHECK(digits_of(std::string(65, '1')).empty());
}

TEST_CASE("a saved code may be typed in any case and grouping") {
    const std::string code = "ABCDEFGHJKLMNPQR";
    for (const char* typed :
         {"ABCD-EFGH-JKLM-NPQR", "abcdefghjklmnpqr", "AbCd efgh JKLM nPQr", " ABCDEFGH-JKLMNPQR "})
        CHECK(normalised_saved_code(typed) == code);
    CHECK(normalised_saved_code("2345-6789-STUV-WXYZ") == std::string{"23456789STUVWXYZ"});
}

TEST_CASE("a saved code has 16 signs and none that looks like another") {
    for (const char* typed : {"", "ABCD-EFGH-JKLM-NPQ", "ABCD-EFGH-JKLM-NPQRS",
                              "IBCD-EFGH-JKLM-NPQR", "OBCD-EFGH-JKLM-NPQR", "0BCD-EFGH-JKLM-NPQR",
                              "1BCD-EFGH-JKLM-NPQR", "ABCD_EFGH_JKLM_NPQR", "ABCDEFGHJKLMNPQ\n"})
        CHECK_FALSE(normalised_saved_code(typed).has_value());
}

TEST_CASE("a resume code may be typed in any case and grouping") {
    CHECK(normalised_resume_code("BCDF-GHJK") == "BCDFGHJK");
    CHECK(normalised_resume_code("bcdfghjk") == "BCDFGHJK");
    CHECK(normalised_resume_code(" l m n p q r s t ") == "LMNPQRST");
    CHECK(normalised_resume_code("VWXZ VWXZ") == "VWXZVWXZ");
    for (const char* typed : {"", "BCDF-GHJ", "BCDF-GHJKL", "ACDF-GHJK", "YCDF-GHJK", "1CDF-GHJK"})
        CHECK(normalised_resume_code(typed).empty());
}

TEST_CASE("an address is the same in any case and with blanks around it") {
    const FakeVault vault;
    CHECK(same_address(vault, "ada@example.org", "ada@example.org"));
    CHECK(same_address(vault, " Ada@EXAMPLE.org\t", "ada@example.org"));
    CHECK(same_address(vault, "ada@example.org", "Ada@example.org"));
}

TEST_CASE("another address is not the same") {
    const FakeVault vault;
    for (const char* typed :
         {"", " ", "ada", "ada@example.or", "ada@example.orgs", "bda@example.org",
          "a da@example.org", "ada@example.org,eve@example.com", "@"})
        CHECK_FALSE(same_address(vault, typed, "ada@example.org"));
    CHECK_FALSE(same_address(vault, std::string{"ada@example.org\0", 16}, "ada@example.org"));
    CHECK_FALSE(same_address(vault, "", ""));
    CHECK_FALSE(same_address(vault, std::string(255, 'a'), std::string(255, 'a')));
    CHECK(same_address(vault, std::string(254, 'a'), std::string(254, 'A')));
}

TEST_CASE("a plain address is taken and its domain written in lower case") {
    CHECK(checked_email_address("Ada.Lovelace+x@Example.ORG") == "Ada.Lovelace+x@example.org");
    CHECK(checked_email_address("  a@b.de ") == "a@b.de");
    CHECK(checked_email_address("o'neil_{x}@mail.example.co.uk") ==
          "o'neil_{x}@mail.example.co.uk");
    CHECK(checked_email_address("a@xn--bcher-kva.example") == "a@xn--bcher-kva.example");
    CHECK(checked_email_address(std::string(64, 'a') + "@b.de").has_value());
}

TEST_CASE("an address of another form is refused") {
    const std::vector<std::string> refused{"",
                                           "ada",
                                           "@example.org",
                                           "ada@",
                                           "ada@localhost",
                                           "ada@example",
                                           "ada@@example.org",
                                           "ada@example.org@example.org",
                                           ".ada@example.org",
                                           "ada.@example.org",
                                           "a..da@example.org",
                                           "\"ada\"@example.org",
                                           "ada(x)@example.org",
                                           "ada@[127.0.0.1]",
                                           "ada@127.0.0.1",
                                           "ada@1.2",
                                           "ada@-example.org",
                                           "ada@example-.org",
                                           "ada@example..org",
                                           "ada@.org",
                                           "ada@example.org.",
                                           "ada@exam_ple.org",
                                           "ada@example.o",
                                           "a da@example.org",
                                           "ada@exa mple.org",
                                           "a,b@example.org",
                                           "ada@example.org, eve@example.com",
                                           "<ada@example.org>",
                                           "Ada <ada@example.org>",
                                           "ada@example.org\n",
                                           "ada\r\n@example.org",
                                           "mailto:ada@example.org",
                                           "ada;eve@example.org",
                                           "\xc3\xa4"
                                           "da@example.org",
                                           "ada@b\xc3\xbc"
                                           "cher.example",
                                           "ada\\@example.org",
                                           std::string(65, 'a') + "@b.de",
                                           "a@" + std::string(64, 'b') + ".de"};
    for (const auto& text : refused) {
        INFO(text);
        CHECK_FALSE(checked_email_address(text).has_value());
    }
}

TEST_CASE("an address of 254 bytes is taken and one of 255 is not") {
    const std::string label = std::string(62, 'b') + '.';
    const std::string local(64, 'a');
    const std::string longest = local + '@' + label + label + std::string(63, 'c');
    REQUIRE(longest.size() == 254);
    CHECK(checked_email_address(longest).has_value());
    CHECK_FALSE(
        checked_email_address(local + '@' + label + label + 'c' + '.' + std::string(62, 'c'))
            .has_value());
}

}  // namespace latchkey
