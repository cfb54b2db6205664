// SPDX-License-Identifier: MIT
//
// Approvals by ntfy: the plugin in its sandbox against a double of the server, and against
// servers that lie. The real server was not to be had.
#include "tests/support/approval_channel.hpp"
#include "tests/support/http_peer.hpp"
#include "tests/support/ntfy_peer.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;
using Options = ApprovalChannel::Options;

constexpr const char* kAda = "ada-h4Rd2gUeSs-x9";
constexpr const char* kBob = "bob-h4Rd2gUeSs-x9";
constexpr const char* kReplies = "reply-h4Rd2gUeSs-x9";

Options options_for(const std::string& url) {
    return {{"url", url}, {"reply_topic", kReplies}, {"reply_token", "tk_phone"}};
}

struct Phone {
    Phone() { channel.use(options_for(ntfy.url()), "tk_host"); }
    NtfyDouble ntfy;
    ApprovalChannel channel{"push-ntfy"};
};

void check_silent(const ApprovalChannel& channel) {
    CAPTURE(channel.reply.for_log);
    for (const char* confidence :
         {"h4Rd2gUeSs", "tk_", "42", "88", "0123456789abcdef", "correct", "[...]"})
        CHECK(channel.reply.for_log.find(confidence) == std::string::npos);
}

}  // namespace

TEST_CASE("a person is asked on a telephone and presses the number on the screen", "[ntfy]") {
    Phone phone;
    REQUIRE(phone.channel.begin(kAda) == ChannelOutcome::Accepted);
    check_silent(phone.channel);
    const auto messages = phone.ntfy.messages_of(kAda);
    REQUIRE(messages.size() == 2);
    CHECK(phone.channel.reply.for_log ==
          "taken by ntfy as " + messages.at(1).at("id").get<std::string>());
    const auto& message = messages.at(1);
    CHECK(message.at("title") == phone.channel.subject);
    CHECK(message.at("message").get<std::string>().find(phone.channel.text) == 0);
    CHECK(message.at("priority") == 5);
    REQUIRE(message.at("actions").size() == 3);
    CHECK(messages.dump().find("tk_host") == std::string::npos);
    CHECK(phone.channel.poll(kAda) == ChannelOutcome::Queued);
    check_silent(phone.channel);
    phone.ntfy.press(kAda, "42");
    phone.ntfy.press(kAda, "17");  // too late: the first one counts
    REQUIRE(phone.channel.poll(kAda) == ChannelOutcome::Accepted);
    CHECK(phone.channel.reply.answer == "42");
    check_silent(phone.channel);
}

TEST_CASE("before the numbers a person gets the button that denies", "[ntfy]") {
    Phone phone;
    REQUIRE(phone.channel.begin(kAda) == ChannelOutcome::Accepted);
    const auto first = phone.ntfy.messages_of(kAda).at(0);
    CHECK(first.at("title") == phone.channel.subject);
    REQUIRE(first.at("actions").size() == 1);
    CHECK(first.at("actions").at(0).at("label") == "Deny");
    const std::string text = first.at("message");
    for (const char* number : {"17", "42", "88"})
        CHECK(text.substr(0, text.find("Answers count until")).find(number) == std::string::npos);
    phone.ntfy.press(kAda, "Deny");
    CHECK(phone.channel.poll(kAda) == ChannelOutcome::Wrong);
    check_silent(phone.channel);
}

TEST_CASE("who denies has denied, whatever was pressed beside it", "[ntfy]") {
    const std::vector<std::string> pressed =
        GENERATE(std::vector<std::string>{"42", "Deny"}, std::vector<std::string>{"Deny", "42"});
    Phone phone;
    REQUIRE(phone.channel.begin(kAda) == ChannelOutcome::Accepted);
    for (const std::string& label : pressed) phone.ntfy.press(kAda, label);
    CHECK(phone.channel.poll(kAda) == ChannelOutcome::Wrong);
}

TEST_CASE("a telephone says until when an answer counts", "[ntfy]") {
    Phone phone;
    REQUIRE(phone.channel.begin(kAda) == ChannelOutcome::Accepted);
    for (const auto& message : phone.ntfy.messages_of(kAda))
        CHECK(message.at("message").get<std::string>().ends_with(phone.channel.until()));
}

TEST_CASE("two persons are asked at once over one reply topic", "[ntfy]") {
    Phone phone;
    REQUIRE(phone.channel.begin(kAda) == ChannelOutcome::Accepted);
    REQUIRE(phone.channel.begin(kBob, kOtherRequest) == ChannelOutcome::Accepted);
    phone.ntfy.press(kBob, "88");
    CHECK(phone.channel.poll(kAda) == ChannelOutcome::Queued);
    phone.ntfy.press(kAda, "17");
    REQUIRE(phone.channel.poll(kBob, kOtherRequest) == ChannelOutcome::Accepted);
    CHECK(phone.channel.reply.answer == "88");
    REQUIRE(phone.channel.poll(kAda) == ChannelOutcome::Accepted);
    CHECK(phone.channel.reply.answer == "17");
}

TEST_CASE("what somebody else writes to the reply topic is no answer", "[ntfy]") {
    Phone phone;
    REQUIRE(phone.channel.begin(kAda) == ChannelOutcome::Accepted);
    const std::string id = kRequest;
    // The title can be known to nobody, and still it is not what counts.
    for (const std::string& message :
         {std::string{"42"}, ":42" + std::string{}, std::string{kOtherRequest} + ":42", id,
          id + ":", id + ":4", id + ":422", id + ": 42", id + ":no", id + ":denya", id + ":Deny",
          ":deny" + std::string{}, std::string{kOtherRequest} + ":deny", id.substr(1) + ":42",
          "x" + id + ":42", R"({"message":")" + id + R"(:42"})"})
        phone.ntfy.post(kReplies, kRequest, message);
    CHECK(phone.channel.poll(kAda) == ChannelOutcome::Queued);
}

TEST_CASE("a flood on the reply topic hides no answer", "[ntfy]") {
    Phone phone;
    REQUIRE(phone.channel.begin(kAda) == ChannelOutcome::Accepted);
    for (int i = 0; i < 3; ++i) phone.ntfy.post(kReplies, "flood", std::string(60000, 'x'));
    phone.ntfy.press(kAda, "42");
    REQUIRE(phone.channel.poll(kAda) == ChannelOutcome::Accepted);
    CHECK(phone.channel.reply.answer == "42");
}

TEST_CASE("a token that ntfy does not take is a matter for the administrator", "[ntfy]") {
    Phone phone;
    phone.channel.use(options_for(phone.ntfy.url()), "tk_other");
    CHECK(phone.channel.begin(kAda) == ChannelOutcome::Misconfigured);
    CHECK(phone.channel.poll(kAda) == ChannelOutcome::Misconfigured);
    check_silent(phone.channel);
}

TEST_CASE("an ntfy server that floods, stalls or breaks off costs one call within its deadline",
          "[ntfy][hostile gateway]") {
    const std::string mode = GENERATE("endless-headers", "endless-body", "endless-chunks", "drip",
                                      "cut", "reset", "garbage", "other-protocol", "mute");
    CAPTURE(mode);
    ApprovalChannel channel{"push-ntfy"};
    channel.setup.deadline_seconds = 3;
    const HttpPeer peer{mode};
    channel.use(options_for(peer.url()), "tk_host");
    for (const bool begins : {true, false}) {
        const auto before = std::chrono::steady_clock::now();
        CHECK((begins ? channel.begin(kAda) : channel.poll(kAda)) == ChannelOutcome::Temporary);
        CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{4});
        check_silent(channel);
    }
}

TEST_CASE("an ntfy server that lies gives no answer, and no word of it is logged",
          "[ntfy][hostile gateway]") {
    ApprovalChannel channel{"push-ntfy"};
    const HttpPeer peer;
    channel.use(options_for(peer.url()), "tk_host");
    const std::string id = kRequest;
    std::string lines;
    for (int i = 0; i < 20000; ++i) lines += "{}\n";
    const std::vector<std::string> lies{
        "",
        "welcome",
        "[]",
        "null\n42\n\"" + id + ":42\"\n",
        std::string(60000, '['),
        R"({"event":"message","message":)" + std::string(30000, '[') + "\n",
        R"({"event":"open","message":")" + id + ":42\"}\n",
        R"({"event":"message","message":[")" + id + ":42\"]}\n",
        R"({"event":"message","message":")" + id + ":42\n\"}\n",
        lines};
    for (const std::string& lie : lies) {
        CAPTURE(lie.substr(0, 40));
        peer.answer({.status = 200, .body = lie});
        CHECK(channel.poll(kAda) == ChannelOutcome::Queued);
        check_silent(channel);
        CHECK(channel.begin(kAda) == ChannelOutcome::Temporary);
    }
    lines.clear();
    for (int i = 0; i < 1000000; ++i) lines += "{}\n";
    peer.answer({.status = 200, .body = lines});
    CHECK(channel.poll(kAda) == ChannelOutcome::Temporary);
    peer.answer({.status = 302, .body = "", .headers = {{"Location", "http://127.0.0.1:1"}}});
    CHECK(channel.poll(kAda) == ChannelOutcome::Misconfigured);
}

TEST_CASE("an ntfy server's name of a message that is more than a name is not logged",
          "[ntfy][hostile gateway]") {
    ApprovalChannel channel{"push-ntfy"};
    const HttpPeer peer;
    channel.use(options_for(peer.url()), "tk_host");
    for (const std::string& id :
         {std::string{kRequest}, std::string{kAda}, std::string{"m-4-2"}, std::string{"m88"},
          std::string{R"(m\u001b[2J)"}, std::string(10 << 10, 'a')}) {
        CAPTURE(id.substr(0, 40));
        peer.answer({.status = 200,
                     .body = R"({"id":")" + id + R"(","time":1700000000,"event":"message"})"});
        REQUIRE(channel.begin(kAda) == ChannelOutcome::Accepted);
        CHECK(channel.reply.for_log == "taken by ntfy");
    }
}

TEST_CASE("an address that is no topic gets nothing", "[ntfy]") {
    ApprovalChannel channel{"push-ntfy"};
    channel.use(options_for("http://127.0.0.1:1"), "tk_host");
    for (const std::string& address :
         {std::string{}, std::string{"short"}, std::string(65, 'a'),
          std::string{"ada-h4Rd2gUeSs/x9"}, std::string{"ada@example.org-long"},
          std::string{"ada-h4Rd2gUeSs,bob"}, std::string{kReplies}}) {
        CAPTURE(address);
        CHECK(channel.begin(address) == ChannelOutcome::Permanent);
    }
}

TEST_CASE("the ntfy plugin names the option that is wrong", "[ntfy]") {
    ApprovalChannel channel{"push-ntfy"};
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"url", ""},
        {"url", "http://ntfy.example.org"},
        {"url", "https://ntfy.example.org/?a=b"},
        {"reply_topic", "short"},
        {"reply_topic", "with space and more of it"},
        {"reply_token", ""},
        {"reply_token", "tk_host"},
        {"reply_token", "a\r\nb"},
        {"ca_file", "a.pem"}};
    for (const auto& [name, value] : wrong) {
        CAPTURE(name, value);
        Options options = options_for("http://127.0.0.1:1");
        options[name] = value;
        channel.use(options, "tk_host");
        CHECK(channel.begin(kAda) == ChannelOutcome::Misconfigured);
        CHECK(channel.reply.for_log.find("option " + name + ' ') == 0);
    }
}
