// SPDX-License-Identifier: MIT
//
// A real login up to a shell with the new password, one through each plugin that no other
// system test signs in with (those: email and file, totp, hotp and saved codes in
// forgot_at_console_test, forgot_over_ssh_test and mail_test; sms-kannel in gateways_test;
// push-xmpp in approval_test). Here those whose gateway is a web server: one on loopback that
// answers as the vendor does. The others are in every_method_on_host_test.cpp.
#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/http_peer.hpp"
#include "tests/support/ntfy_peer.hpp"
#include "tests/system/carried.hpp"

namespace latchkey {
namespace {

constexpr const char* kAccount = "AC00000000000000000000000000000001";

// The one message that a gateway was given; a probe asks with GET.
ReceivedRequest posted_to(const HttpPeer& peer) {
    std::vector<ReceivedRequest> posted;
    const bool came = comes_true([&] {
        posted = peer.received();
        std::erase_if(posted, [](const auto& request) { return request.method != "POST"; });
        return !posted.empty();
    });
    if (!came || posted.size() != 1) throw std::runtime_error("no message, or several");
    return posted.front();
}

// The digits that stand alone between the words of a call, as often as they are said.
std::string said_digits(const std::string& twiml) {
    const std::string before = "<Say language=\"en-US\">";
    std::string digits;
    for (std::size_t at = twiml.find(before); at != std::string::npos;
         at = twiml.find(before, at + 1)) {
        const std::string words = twiml.substr(at + before.size(), 2);
        if (words[1] == '<') digits += words[0];
    }
    return digits;
}

}  // namespace

TEST_CASE("a code that a double of a web gateway texts changes the password") {
    const HttpPeer gateway;
    gateway.answer({.status = 202, .body = R"({"status":"accepted"})"});
    Carried host{"sms-http",
                 kWithSecret + setting("url", gateway.url() + "/v1") +
                     setting("content_type", "application/json") +
                     "body = '{\"to\":\"{to}\",\"text\":\"{text}\"}'\n"
                     "header_1 = \"Authorization: Bearer {secret}\"\n"
                     "success_pattern = '\"status\":\"accepted\"'\n",
                 "sms", kNumber};
    Terminal login = host.asks_for_a_code(kText, kTyped);
    const auto request = posted_to(gateway);
    CHECK(request.header("Authorization") == std::string{"Bearer "} + kCarriersSecret);
    CHECK(request.json().at("to") == kNumber);
    host.gets_in(login, texted_code(request.json().at("text")));
}

TEST_CASE("a code that a double of Twilio texts changes the password") {
    const HttpPeer twilio;
    twilio.answer({.status = 201, .body = R"({"sid":"SM1","status":"queued"})"});
    Carried host{"sms-twilio",
                 kWithSecret + setting("url", twilio.url()) + setting("account", kAccount) +
                     setting("from", "+12025550123"),
                 "sms", kNumber};
    Terminal login = host.asks_for_a_code(kText, kTyped);
    const auto request = posted_to(twilio);
    CHECK(request.target == std::string{"/2010-04-01/Accounts/"} + kAccount + "/Messages.json");
    CHECK(request.form().at("To") == kNumber);
    host.gets_in(login, texted_code(request.form().at("Body")));
}

TEST_CASE("a code that a double of Vonage texts changes the password") {
    const HttpPeer vonage;
    vonage.answer({.status = 200,
                   .body = R"({"message-count":"1","messages":[{"status":"0"}]})",
                   .headers = {{"Content-Type", "application/json"}}});
    Carried host{"sms-vonage",
                 kWithSecret + setting("url", vonage.url()) + setting("api_key", "abcd1234") +
                     setting("from", "latchkey"),
                 "sms", kNumber};
    Terminal login = host.asks_for_a_code(kText, kTyped);
    const auto message = posted_to(vonage).json();
    CHECK(message.at("to") == kNumber + 1);
    host.gets_in(login, texted_code(message.at("text")));
}

TEST_CASE("a code that a double of Twilio says in a call changes the password") {
    const HttpPeer twilio;
    twilio.answer({.status = 201, .body = R"({"sid":"CA1","status":"queued"})"});
    Carried host{"voice-twilio",
                 kWithSecret + setting("url", twilio.url()) + setting("account", kAccount) +
                     setting("from", "+12025550123"),
                 "voice", kNumber};
    Terminal login = host.asks_for_a_code(kCall, kTyped);
    const auto request = posted_to(twilio);
    CHECK(request.target == std::string{"/2010-04-01/Accounts/"} + kAccount + "/Calls.json");
    CHECK(request.form().at("To") == kNumber);
    const std::string digits = said_digits(request.form().at("Twiml"));
    REQUIRE(digits.size() == 16);
    CHECK(digits.substr(0, 8) == digits.substr(8));
    host.gets_in(login, digits.substr(0, 8));
}

TEST_CASE("a code that the office's telephone says changes the password") {
    const HttpPeer twilio;
    twilio.answer({.status = 201, .body = R"({"sid":"CA1","status":"queued"})"});
    Carried host{"voice-twilio",
                 kWithSecret + setting("url", twilio.url()) + setting("account", kAccount) +
                     setting("from", "+12025550123"),
                 "office", kNumber};
    Terminal login = host.asks_for_a_code("Call my office phone that ends in 56", kTyped);
    const auto request = posted_to(twilio);
    CHECK(request.form().at("To") == kNumber);
    host.gets_in(login, said_digits(request.form().at("Twiml")).substr(0, 8));
}

TEST_CASE("a code that a recovery contact is texted changes the password") {
    const HttpPeer gateway;
    gateway.answer({.status = 202});
    Carried host{"sms-http",
                 setting("url", gateway.url()) + setting("content_type", "application/json") +
                     "body = '{\"to\":\"{to}\",\"text\":\"{text}\"}'\n",
                 "contact-sms", kNumber};
    Terminal login = host.asks_for_a_code("Text my recovery contact that ends in 56", kTyped);
    const auto message = posted_to(gateway).json();
    CHECK(message.at("to") == kNumber);
    host.gets_in(login, texted_code(message.at("text")));
}

TEST_CASE("the number on the screen pressed in a double of ntfy's app leads to a new password") {
    const NtfyDouble ntfy;
    const std::string topic = "ada-h4Rd2gUeSs-x9";
    Carried host{
        "push-ntfy",
        kWithSecret + setting("url", ntfy.url()) + setting("reply_topic", "reply-h4Rd2gUeSs-x9") +
            setting("reply_token", NtfyDouble::reply_token),
        "phone", topic, setting("label", "Approve on my telephone") + setting("kind", "approval")};
    write_file(kCarriersSecretFile, std::string{NtfyDouble::host_token} + "\n", 0600);
    host.machine.configure("[gates]\nconsole = 2\n", "70-two-gates");  // it is never the only one
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect("One more proof is needed.");
    choose(login, "Approve on my telephone");
    login.expect("Tap or type ");
    const std::string number = login.expect(" there, then press Enter (").substr(0, 2);
    ntfy.press(topic, number);
    login.send_line("");
    host.chooses_a_password(login);
    for (const std::string& told : {topic, std::string{"tk_"}})
        CHECK(host.machine.log().find(told) == std::string::npos);
}

}  // namespace latchkey
