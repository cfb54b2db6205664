// SPDX-License-Identifier: MIT
//
// What gateways say, and what is taken for an address, a number and a sender.
#include "plugins/common/gateway_options.hpp"
#include "plugins/common/http_client.hpp"
#include "plugins/common/json.hpp"
#include "plugins/common/phone_number.hpp"
#include "plugins/common/reference.hpp"
#include "plugins/common/validity.hpp"
#include "plugins/sms-vonage/vonage_reply.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace latchkey::plugin;
using namespace std::chrono_literals;

Outcome vonage(const std::string& body) {
    return latchkey::vonage::judged(body, {}).outcome;
}

std::string with_statuses(const std::vector<std::string>& statuses) {
    std::string body = R"({"message-count":"1","messages":[)";
    for (const std::string& status : statuses)
        body += (body.back() == '[' ? "" : ",") + std::string{R"({"status":")"} + status + "\"}";
    return body + "]}";
}

}  // namespace

TEST_CASE("only strict E.164 is a phone number") {
    for (const char* right : {"+4917012", "+12025550123", "+123456789012345"})
        CHECK(is_phone_number(right));
    for (const char* wrong :
         {"", "+", "+491701", "+1234567890123456", "+0491701234", "4917012345678", "0049170123456",
          "+49 170 123456", "+49-170-123456", "++4917012345", "+4917012345678,+4917000000000",
          "+49170123456a", "+4917012345\n", " +4917012345678", "tel:+4917012345678",
          "+4917012345678\r\nX: y", "+\xd9\xa4\xd9\xa9\xd9\xa1\xd9\xa7"}) {
        CAPTURE(wrong);
        CHECK_FALSE(is_phone_number(wrong));
    }
    CHECK_FALSE(is_phone_number(std::string_view{"+4917012\0", 9}));
    CHECK(digits_of("+4917012345678") == "4917012345678");
}

TEST_CASE("a sender is a number, a short code or a short name") {
    for (const char* right : {"+12025550123", "12345", "latchkey", "IT Desk 24", "A1"})
        CHECK(is_sender(right));
    for (const char* wrong : {"", "1234567", "latchkey-desk", "a\nb", "a\"b", "<b>", "---"})
        CHECK_FALSE(is_sender(wrong));
}

TEST_CASE("http is for this host only, and an address has no user, fragment or second reading") {
    for (const char* right :
         {"https://gateway.example.org/send?a=b", "https://gateway.example.org:8443",
          "https://[2001:db8::1]/", "http://127.0.0.1:13013/cgi-bin/sendsms", "http://localhost/",
          "http://[::1]:8080/", "http://127.8.9.10/"}) {
        CAPTURE(right);
        CHECK(objection_to_url(right).empty());
    }
    for (const char* wrong : {"",
                              "gateway.example.org",
                              "//gateway.example.org/",
                              "ftp://127.0.0.1/",
                              "file:///etc/passwd",
                              "https://",
                              "https:///gateway.example.org/",
                              "https://u@gateway.example.org/",
                              "https://u:p@gateway.example.org/",
                              "https://gateway.example.org/#a",
                              "https://gateway.example.org/a b",
                              "https://gateway.example.org/\r\nX: y",
                              "http://gateway.example.org/",
                              "http://192.0.2.1/",
                              "http://[2001:db8::1]/",
                              "http://127.0.0.1.example.org/",
                              "http://localhost.example.org/",
                              "http://127.0.0.1@gateway.example.org/",
                              "https://gateway.example.org:99999/",
                              "https://gr\xc3\xb6\xc3\x9f"
                              "e.example/",
                              "smtp://127.0.0.1/"}) {
        CAPTURE(wrong);
        CHECK_FALSE(objection_to_url(wrong).empty());
    }
}

TEST_CASE("JSON that is deeper or larger than any gateway's is none") {
    const auto nested = [](int depth) {
        return std::string(static_cast<std::size_t>(depth), '[') +
               std::string(static_cast<std::size_t>(depth), ']');
    };
    CHECK(parse_json(nested(kDeepestJson)));
    CHECK_FALSE(parse_json(nested(kDeepestJson + 1)));
    CHECK_FALSE(parse_json(nested(30000)));
    CHECK_FALSE(parse_json(std::string(30000, '[')));
    CHECK_FALSE(parse_json("[\"" + std::string(kLargestJson, 'a') + "\"]"));
    CHECK(parse_json("[\"" + std::string(kLargestJson - 4, 'a') + "\"]"));
    for (const char* broken : {"", "{", "{\"a\":}", "[1]x", "\"\xff\"", "{'a':1}", "NaN"}) {
        CAPTURE(broken);
        CHECK_FALSE(parse_json(broken));
    }
}

TEST_CASE("a value of another type than expected is as good as none") {
    const auto json =
        parse_json(R"({"n":5,"t":"7","f":1.5,"m":-1,"b":99999999999999999999,"l":[]})");
    REQUIRE(json);
    CHECK(number_of(member(*json, "n"), 9) == 5U);
    CHECK(number_of(member(*json, "t"), 9) == 7U);
    CHECK_FALSE(number_of(member(*json, "n"), 4));
    for (const char* name : {"f", "m", "b", "l", "absent"}) {
        CAPTURE(name);
        CHECK_FALSE(number_of(member(*json, name), 99999));
        CHECK(text_of(member(*json, name)).empty());
    }
    CHECK(member(*parse_json("[1]"), "n").is_null());
}

TEST_CASE("Vonage's statuses become outcomes, though HTTP always says 200") {
    struct Row {
        std::vector<std::string> statuses;
        Outcome outcome;
    };
    const auto row = GENERATE(values<Row>({{{"0"}, Outcome::Accepted},
                                           {{"0", "0"}, Outcome::Accepted},
                                           {{"1"}, Outcome::NotTaken},
                                           {{"10"}, Outcome::NotTaken},
                                           {{"0", "1"}, Outcome::Temporary},
                                           {{"5"}, Outcome::Temporary},
                                           {{"4"}, Outcome::Misconfigured},
                                           {{"9"}, Outcome::Misconfigured},
                                           {{"15"}, Outcome::Misconfigured},
                                           {{"6"}, Outcome::Permanent},
                                           {{"7"}, Outcome::Permanent},
                                           {{"998"}, Outcome::Temporary},
                                           {{"0", "7"}, Outcome::Temporary},
                                           {{"7", "0"}, Outcome::Temporary},
                                           {{"7", "4"}, Outcome::Permanent}}));
    CAPTURE(row.statuses);
    CHECK(vonage(with_statuses(row.statuses)) == row.outcome);
}

TEST_CASE("an answer that is not Vonage's is no success") {
    for (const char* body :
         {"", "OK", "{}", "[]", R"({"messages":[]})", R"({"messages":{}})", R"({"messages":[{}]})",
          R"({"messages":[{"status":null}]})", R"({"messages":[{"status":"0"},{}]})",
          R"({"messages":[0]})", R"({"messages":[{"status":"00000000047110815"}]})"}) {
        CAPTURE(body);
        CHECK(vonage(body) == Outcome::Temporary);
        CHECK(latchkey::vonage::judged(body, {}).for_log.find("4711") == std::string::npos);
    }
}

TEST_CASE("a message is worth delivering until it expires, within what a gateway takes") {
    CHECK(validity(1000, 700, 1h) == 300s);
    CHECK(validity(1000, 1000, 1h) == 1s);
    CHECK(validity(0, 1000, 1h) == 1s);
    CHECK(validity(~0ULL, 1000, 1h) == 1h);
    CHECK(in_minutes(1s) == 1min);
    CHECK(in_minutes(300s) == 5min);
    CHECK(in_minutes(301s) == 6min);
}

TEST_CASE("a gateway's name of a message is logged only if it is no more than a name") {
    const auto named = [](const std::string& text) {
        return reference_of(text, {"47110815", "+4917012345678", ""});
    };
    for (const std::string name :
         {"SM0123456789abcdef0123456789abcdef", "aaaaaaaa-bbbb-cccc-dddd-0123456789ab", "7",
          "4711081", "0A000000471108"})
        CHECK(named(name) == name);
    CHECK(named(std::string(64, 'a')) == std::string(64, 'a'));
    for (const std::string& other :
         {std::string{}, std::string{"-"}, std::string(65, 'a'), std::string(10000, 'a'),
          std::string{"a b"}, std::string{"a\nb"}, std::string{"a\0b", 3}, std::string{"a_b"},
          std::string{"SM\""}, std::string{"\xc3\xb6"}, std::string{"SM47110815"},
          std::string{"4711-0815"}, std::string{"4-7-1-1-0-8-1-5"}, std::string{"4917012345678"}}) {
        CAPTURE(other);
        CHECK(named(other).empty());
    }
}
