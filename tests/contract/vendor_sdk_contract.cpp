// SPDX-License-Identifier: MIT
//
// The vendors' own clients as oracles: the same message, sent by them and by the plugin to one
// server, must be the same request.
#include "tests/support/command.hpp"
#include "tests/support/http_peer.hpp"
#include "tests/support/phone_channel.hpp"

namespace {

using namespace latchkey;
using nlohmann::json;
using wire::ChannelOutcome;
using Options = PhoneChannel::Options;

constexpr const char* kAccount = "AC00000000000000000000000000000001";
constexpr const char* kKey = "SK00000000000000000000000000000002";
constexpr const char* kService = "MG00000000000000000000000000000003";
constexpr const char* kVonageYes = R"({"message-count":"1","messages":[{"status":"0"}]})";

// What the vendor's client asks `peer`.
ReceivedRequest asked_by_sdk(const HttpPeer& peer, const std::string& kind, const json& given) {
    const std::size_t before = peer.received().size();
    must_run({"node", LATCHKEY_TEST_PHONE_SDK, LATCHKEY_TEST_PEERS_NPM "/phone", kind, peer.url()},
             given.dump());
    const auto requests = peer.received();
    REQUIRE(requests.size() == before + 1);
    return requests.back();
}

void check_same(const ReceivedRequest& ours, const ReceivedRequest& theirs) {
    CHECK(ours.method == theirs.method);
    CHECK(ours.target == theirs.target);
    CHECK(ours.header("Authorization") == theirs.header("Authorization"));
    CHECK(ours.header("Host") == theirs.header("Host"));
    const auto type = [](const ReceivedRequest& request) {
        for (const char* name : {"Content-Type", "content-type"})
            for (const auto& [key, value] : request.headers)
                if (key == name) return value;
        return std::string{};
    };
    CHECK(type(ours) == type(theirs));
    if (type(ours) == "application/json")
        CHECK(ours.json() == theirs.json());
    else
        CHECK(ours.form() == theirs.form());
}

}  // namespace

TEST_CASE("a text message is what Twilio's own client would send", "[vendor sdk]") {
    PhoneChannel channel{"sms-twilio"};
    const HttpPeer peer;
    peer.answer({.status = 201, .body = R"({"sid":"SM1","status":"queued"})"});
    const bool by_key = GENERATE(false, true);
    const bool by_service = GENERATE(false, true);
    CAPTURE(by_key, by_service);
    Options options{{"url", peer.url()}, {"account", kAccount}};
    if (by_key) options["api_key"] = kKey;
    options[by_service ? "messaging_service" : "from"] = by_service ? kService : "+12025550123";
    channel.use(options);
    REQUIRE(channel.send() == ChannelOutcome::Accepted);
    check_silent(channel.reply.for_log);
    const auto ours = peer.only_request();
    const int validity = std::stoi(ours.form().at("ValidityPeriod").get<std::string>());
    CHECK(validity > 240);
    CHECK(validity <= 300);

    json message{{"to", kPhone}, {"body", kPhoneText}, {"validityPeriod", validity}};
    message[by_service ? "messagingServiceSid" : "from"] = by_service ? kService : "+12025550123";
    check_same(ours, asked_by_sdk(peer, "twilio-message",
                                  {{"account", kAccount},
                                   {"user", by_key ? kKey : kAccount},
                                   {"secret", kPhoneSecret},
                                   {"message", message}}));
}

TEST_CASE("a call is what Twilio's own client would make, and says the code by digits",
          "[vendor sdk]") {
    PhoneChannel channel{"voice-twilio"};
    const HttpPeer peer;
    peer.answer({.status = 201, .body = R"({"sid":"CA1","status":"queued"})"});
    Options options{{"url", peer.url()}, {"account", kAccount}, {"from", "+12025550123"}};
    const bool after_key = GENERATE(false, true);
    CAPTURE(after_key);
    if (after_key) options["key_press_url"] = "https://handler.example.org/twiml/EH1";
    channel.use(options);
    REQUIRE(channel.send() == ChannelOutcome::Accepted);
    check_silent(channel.reply.for_log);
    const auto ours = peer.only_request();
    const std::string words = ours.form().at("Twiml");
    CHECK(words.find("47110815") == std::string::npos);
    CHECK(words.find("recovery code for example") == std::string::npos);
    CHECK((words.find("<Say language=\"en-US\">7</Say><Pause length=\"1\"/>") !=
           std::string::npos) == !after_key);
    CHECK((words.find("<Gather ") != std::string::npos) == after_key);

    check_same(ours, asked_by_sdk(peer, "twilio-call",
                                  {{"account", kAccount},
                                   {"user", kAccount},
                                   {"secret", kPhoneSecret},
                                   {"call",
                                    {{"to", kPhone},
                                     {"from", "+12025550123"},
                                     {"twiml", words},
                                     {"timeout", 25},
                                     {"timeLimit", 120}}}}));
}

TEST_CASE("a notice is said in a call", "[vendor sdk]") {
    PhoneChannel channel{"voice-twilio"};
    const HttpPeer peer;
    channel.use({{"url", peer.url()}, {"account", kAccount}, {"from", "+12025550123"}});
    auto notice = message_to_phone();
    notice.code = Secret{};
    notice.short_text = Secret{"Your password on <example> was changed."};
    REQUIRE(channel.send(notice) == ChannelOutcome::Accepted);
    const std::string words = peer.only_request().form().at("Twiml");
    CHECK(words.find("Your password on &lt;example&gt; was changed.") != std::string::npos);
}

TEST_CASE("a text message is what Vonage's own client would send", "[vendor sdk]") {
    PhoneChannel channel{"sms-vonage"};
    const HttpPeer peer;
    peer.answer(
        {.status = 200, .body = kVonageYes, .headers = {{"Content-Type", "application/json"}}});
    const std::string from = GENERATE("latchkey", "+12025550123");
    CAPTURE(from);
    channel.use({{"url", peer.url()}, {"api_key", "abcd1234"}, {"from", from}});
    REQUIRE(channel.send() == ChannelOutcome::Accepted);
    check_silent(channel.reply.for_log);
    const auto ours = peer.only_request();
    const int validity = ours.json().at("ttl");
    CHECK(validity > 240000);
    CHECK(validity <= 300000);

    const std::string digits = from.front() == '+' ? from.substr(1) : from;
    check_same(ours, asked_by_sdk(peer, "vonage-message",
                                  {{"user", "abcd1234"},
                                   {"secret", kPhoneSecret},
                                   {"message",
                                    {{"to", "4917012345678"},
                                     {"from", digits},
                                     {"text", kPhoneText},
                                     {"ttl", validity}}}}));
}

TEST_CASE("the log says what a vendor calls a message, if it is no more than a name",
          "[vendor sdk]") {
    struct Row {
        std::string plugin;
        Options options;
        std::string before;  // the name, in the vendor's answer
        std::string behind;
        std::string log;
    };
    const Options twilio{{"account", kAccount}, {"from", "+12025550123"}};
    const auto row = GENERATE_COPY(
        values<Row>({{"sms-twilio", twilio, R"({"sid":")", R"("})", "taken by Twilio as "},
                     {"voice-twilio", twilio, R"({"sid":")", R"("})", "taken by Twilio as "},
                     {"sms-vonage",
                      {{"api_key", "abcd1234"}, {"from", "latchkey"}},
                      R"({"messages":[{"status":"0","message-id":")",
                      R"("}]})",
                      "taken by Vonage as "}}));
    CAPTURE(row.plugin);
    PhoneChannel channel{row.plugin};
    const HttpPeer peer;
    auto options = row.options;
    options["url"] = peer.url();
    channel.use(options);
    const auto log_of = [&](const std::string& name) {
        peer.answer({.status = 200, .body = row.before + name + row.behind});
        CHECK(channel.send() == ChannelOutcome::Accepted);
        return channel.reply.for_log;
    };
    const std::string name = "SM00000000000000000000000000abcdef";
    CHECK(log_of(name) == row.log + name);
    for (const std::string& hostile :
         {std::string{"SM47110815"}, std::string{"4711-0815"}, std::string{"4917012345678"},
          std::string{R"(SM\n1)"}, std::string{R"(SM\u001b[2J)"}, std::string{R"(SM\u0000)"},
          std::string{R"(SM\" why=\")"}, std::string(10 << 10, 'a')}) {
        CAPTURE(hostile.substr(0, 40));
        const std::string log = log_of(hostile);
        check_silent(log);
        CHECK(log.find(" as ") == std::string::npos);
        CHECK(log.size() < 60);
    }
}

TEST_CASE("Twilio's errors become outcomes", "[vendor sdk]") {
    PhoneChannel channel{GENERATE("sms-twilio", "voice-twilio")};
    const HttpPeer peer;
    channel.use({{"url", peer.url()}, {"account", kAccount}, {"from", "+12025550123"}});
    struct Row {
        int status;
        int error;
        ChannelOutcome outcome;
    };
    const auto row = GENERATE(values<Row>({{400, 21211, ChannelOutcome::Permanent},
                                           {400, 21610, ChannelOutcome::Permanent},
                                           {400, 21614, ChannelOutcome::Permanent},
                                           {403, 21610, ChannelOutcome::Permanent},
                                           {400, 21408, ChannelOutcome::Misconfigured},
                                           {400, 21606, ChannelOutcome::Misconfigured},
                                           {401, 20003, ChannelOutcome::Misconfigured},
                                           {404, 20404, ChannelOutcome::Misconfigured},
                                           {429, 20429, ChannelOutcome::NotTaken},
                                           {503, 20503, ChannelOutcome::NotTaken},
                                           {400, 99998, ChannelOutcome::Permanent}}));
    CAPTURE(row.status, row.error);
    peer.answer(
        {.status = row.status,
         .body = json{{"code", row.error}, {"message", "no"}, {"status", row.status}}.dump()});
    CHECK(channel.send() == row.outcome);
    if (row.status < 500)
        CHECK(channel.reply.for_log.find(std::to_string(row.error)) != std::string::npos);
}

TEST_CASE("Vonage's refusals, which come with status 200, become outcomes", "[vendor sdk]") {
    PhoneChannel channel{"sms-vonage"};
    const HttpPeer peer;
    channel.use({{"url", peer.url()}, {"api_key", "abcd1234"}, {"from", "latchkey"}});
    const auto send_with = [&](const std::string& status) {
        peer.answer({.status = 200,
                     .body = R"({"messages":[{"status":")" + status + R"(","error-text":"no"}]})"});
        return channel.send();
    };
    CHECK(send_with("1") == ChannelOutcome::NotTaken);
    CHECK(send_with("4") == ChannelOutcome::Misconfigured);
    CHECK(send_with("7") == ChannelOutcome::Permanent);
    CHECK(channel.reply.for_log == "Vonage refused the message with status 7");
}

TEST_CASE("a probe signs in and sends nothing", "[vendor sdk]") {
    struct Row {
        std::string plugin;
        Options options;
        std::string target;
    };
    const auto row = GENERATE(values<Row>(
        {{"sms-twilio",
          {{"account", kAccount}, {"from", "latchkey"}},
          std::string{"/2010-04-01/Accounts/"} + kAccount +
              "/IncomingPhoneNumbers.json?PageSize=1"},
         {"voice-twilio",
          {{"account", kAccount}, {"from", "+12025550123"}},
          std::string{"/2010-04-01/Accounts/"} + kAccount +
              "/IncomingPhoneNumbers.json?PageSize=1"},
         {"sms-vonage", {{"api_key", "abcd1234"}, {"from", "latchkey"}}, "/account/get-balance"}}));
    CAPTURE(row.plugin);
    PhoneChannel channel{row.plugin};
    const HttpPeer peer;
    auto options = row.options;
    options["url"] = peer.url();
    channel.use(options);
    CHECK(channel.probe() == ChannelOutcome::Accepted);
    const auto request = peer.only_request();
    CHECK(request.method == "GET");
    CHECK(request.target == row.target);
    CHECK(request.header("Authorization").starts_with("Basic "));
    CHECK(request.body.empty());

    peer.answer({.status = 401, .body = ""});
    CHECK(channel.probe() == ChannelOutcome::Misconfigured);
    peer.answer({.status = 503, .body = ""});
    CHECK(channel.probe() == ChannelOutcome::NotTaken);
}

TEST_CASE("the plugins for Twilio and Vonage name the option that is wrong", "[vendor sdk]") {
    struct Row {
        std::string plugin;
        Options options;
        std::string named;
    };
    const auto row = GENERATE(values<Row>(
        {{"sms-twilio", {{"account", "AC1"}}, "option account "},
         {"sms-twilio", {{"account", "AC0000000000000000000000000000000/"}}, "option account "},
         {"sms-twilio", {{"account", kAccount}, {"api_key", "key"}}, "option api_key "},
         {"sms-twilio", {{"account", kAccount}}, "exactly one of the options from and messaging"},
         {"sms-twilio", {{"account", kAccount}, {"from", "a\r\nb"}}, "option from "},
         {"sms-twilio", {{"account", kAccount}, {"messaging_service", "MG"}}, "option messaging_s"},
         {"sms-twilio",
          {{"account", kAccount}, {"from", "latchkey"}, {"url", "http://192.0.2.1"}},
          "option url "},
         {"voice-twilio", {{"account", kAccount}, {"from", "latchkey"}}, "option from "},
         {"voice-twilio",
          {{"account", kAccount}, {"from", "+12025550123"}, {"key_press_url", "http://127.0.0.1/"}},
          "option key_press_url "},
         {"sms-vonage", {{"from", "latchkey"}}, "option api_key "},
         {"sms-vonage", {{"api_key", "abcd1234"}}, "option from "}}));
    CAPTURE(row.plugin, row.named);
    PhoneChannel channel{row.plugin};
    channel.use(row.options);
    CHECK(channel.send() == ChannelOutcome::Misconfigured);
    CHECK(channel.reply.for_log.find(row.named) == 0);
    CHECK(channel.probe() == ChannelOutcome::Misconfigured);
}
