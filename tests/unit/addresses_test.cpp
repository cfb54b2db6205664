// SPDX-License-Identifier: MIT
#include "core/addresses.hpp"

#include <string>

#include "core/phone_numbers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_vault.hpp"

namespace latchkey {

namespace {

const Secret kKey{std::string(Vault::kKeyBytes, 'k')};
const Secret kOtherKey{std::string(Vault::kKeyBytes, 'o')};

}  // namespace

TEST_CASE("a number is understood however people write it") {
    for (const char* typed : {"+491701234567", "+49 170 1234567", "+49 (170) 123-45.67",
                              "0049 170/1234567", "0170 1234567", "(0170) 1234567"})
        CHECK(checked_phone_number(typed, "+49") == "+491701234567");
    CHECK(checked_phone_number("212 555 0123", "+1") == "+12125550123");
    CHECK(checked_phone_number("+1 212 555 0123", "+49") == "+12125550123");
}

TEST_CASE("a 0 in front is exchanged only where the country's numbers lose it") {
    CHECK(checked_phone_number("020 7946 0018", "+44") == "+442079460018");
    // Italy keeps it, Hungary dials 06, Russia 8, Spain nothing.
    for (const char* country : {"+39", "+36", "+7", "+34", "+999"}) {
        CAPTURE(country);
        CHECK_FALSE(checked_phone_number("06 1234 5678", country).has_value());
        CHECK_FALSE(checked_phone_number("0170 1234567", country).has_value());
        CHECK(checked_phone_number("+49 170 1234567", country) == "+491701234567");
        CHECK(checked_phone_number("0049 170 1234567", country) == "+491701234567");
    }
}

TEST_CASE("without a country only a complete number is one") {
    CHECK(checked_phone_number("+49 170 1234567", "") == "+491701234567");
    CHECK(checked_phone_number("0049 170 1234567", "") == "+491701234567");
    for (const char* typed : {"0170 1234567", "2125550123", "1701234567"})
        CHECK_FALSE(checked_phone_number(typed, "").has_value());
}

TEST_CASE("what is no number is refused") {
    for (const char* typed :
         {"", "+", "+49", "+0491701234567", "+491701234567890123", "++491701234567",
          "49+1701234567", "+49170123456a", "+49 170 1234567\n", "+49\t1701234567",
          "+49170;1234567", "tel:+491701234567", "ada@example.org", "\u0661\u0662\u0663\u0664"})
        CHECK_FALSE(checked_phone_number(typed, "+49").has_value());
    CHECK_FALSE(checked_phone_number(std::string(65, ' ') + "+491701234567", "+49").has_value());
    CHECK_FALSE(checked_phone_number(std::string("+4917012\0", 9) + "345", "+49").has_value());
}

TEST_CASE("numbers that are billed to the caller are known") {
    for (const char* number : {"+4990012345678", "+19005550123", "+97912345678", "+88212345678",
                               "+449012345678", "+447012345678"})
        CHECK(is_premium_number(number));
    for (const char* number : {"+491701234567", "+12125550123", "+447700900123", "+33612345678"})
        CHECK_FALSE(is_premium_number(number));
}

TEST_CASE("a code goes to numbers of the countries that are named, and to any if none is") {
    const std::vector<std::string> near{"+49", "+43"};
    CHECK(is_allowed_number("+491701234567", near));
    CHECK(is_allowed_number("+436601234567", near));
    CHECK_FALSE(is_allowed_number("+33612345678", near));
    CHECK(is_allowed_number("+33612345678", {}));
    for (const auto& countries : {near, std::vector<std::string>{}})
        CHECK_FALSE(is_allowed_number("+4990012345678", countries));
}

TEST_CASE("ten digits are a number of North America, and ten signs with a plus are none of it") {
    CHECK(checked_phone_number("(212) 555-0123", "+1") == "+12125550123");
    CHECK(checked_phone_number("+123456789", "+1") == "+123456789");
    CHECK_FALSE(checked_phone_number("212555012", "+1").has_value());
    CHECK_FALSE(checked_phone_number("212555012x", "+1").has_value());
}

TEST_CASE("every medium has its addresses, its mask and its possession") {
    const FakeVault vault;
    CHECK(checked_address(Medium::Email, "Ada@EXAMPLE.org", "") == "Ada@example.org");
    CHECK(checked_address(Medium::Text, "0170 1234567", "+49") == "+491701234567");
    CHECK(checked_address(Medium::Call, "0170 1234567", "+49") == "+491701234567");
    CHECK(checked_address(Medium::Other, "@ada:example.org", "") == "@ada:example.org");
    for (const char* text : {"", "a:b:c", "@ada example", "@ada:\x1b[2Jexample", "......."})
        CHECK_FALSE(checked_address(Medium::Other, text, "").has_value());
    CHECK_FALSE(checked_address(Medium::Other, std::string(255, 'a'), "").has_value());
    CHECK_FALSE(checked_address(Medium::Text, "ada@example.org", "+49").has_value());
    CHECK_FALSE(checked_address(Medium::Email, "+491701234567", "+49").has_value());
    CHECK(masked(Medium::Text, "+491701234567") == "that ends in 67");
    CHECK(masked(Medium::Email, "ada@example.org") == "a...a at e....org");
    CHECK(masked(Medium::Other, "@ada:example.org") == "a...g");
    CHECK(possession_of(vault, kKey, Medium::Email, "ada@example.org") == "email:example.org");
}

TEST_CASE("a telephone is one possession for texts and calls, and its number is not told") {
    const FakeVault vault;
    const std::string text = possession_of(vault, kKey, Medium::Text, "+491701234567");
    CHECK(text == possession_of(vault, kKey, Medium::Call, "+491701234567"));
    CHECK(text.starts_with("phone:"));
    CHECK(text.size() == std::string{"phone:"}.size() + 16);
    CHECK(text.find("4567") == std::string::npos);
    CHECK(text != possession_of(vault, kKey, Medium::Text, "+491701234568"));
    CHECK(text != possession_of(vault, kOtherKey, Medium::Text, "+491701234567"));
    CHECK(possession_of(vault, kKey, Medium::Other, "+491701234567") != text);
}

TEST_CASE("a mailbox is of its domain in whatever case a host writes its name") {
    CHECK(is_mailbox_at("ada@host.example.org", "host.example.org"));
    CHECK(is_mailbox_at("ada@host.example.org", "Host.Example.ORG"));
    for (const char* domain : {"", "example.org", "ost.example.org", "xhost.example.org", "ada"})
        CHECK_FALSE(is_mailbox_at("ada@host.example.org", domain));
    CHECK_FALSE(is_mailbox_at("host.example.org", "host.example.org"));
}

TEST_CASE("a typed number means the stored one however it is written, and no other") {
    const FakeVault vault;
    const auto means = [&](const std::string& typed, const char* country) {
        return means_address(vault, Medium::Text, typed, "+491701234567", country);
    };
    CHECK(means("0170-1234567", "+49"));
    CHECK(means("+49 170 1234567", ""));
    for (const char* typed : {"", "67", "+491701234568", "+491701234567@example.org", "0170123456"})
        CHECK_FALSE(means(typed, "+49"));
    CHECK_FALSE(means("0170-1234567", "+43"));
}

}  // namespace latchkey
