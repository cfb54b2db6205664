// SPDX-License-Identifier: MIT
//
// Approvals in a chat: the plugin in its sandbox, a real Prosody, and persons with a real
// client library.
#include "tests/support/approval_channel.hpp"
#include "tests/support/prosody_peer.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;
using Options = ApprovalChannel::Options;

constexpr const char* kAda = "ada@chat.example";
constexpr const char* kBob = "bob@chat.example";
constexpr const char* kUs = "latchkey@chat.example";

Options options_for(const std::string& port, const Certificates& certificates) {
    return {{"jid", kUs},
            {"server", "127.0.0.1"},
            {"port", port},
            {"tls", "starttls"},
            {"ca_file", certificates.ca}};
}

// A host with the channel, and the server that it uses.
struct Chat {
    explicit Chat(const ProsodyPeer::Features& features = {}) : prosody{certificates, features} {
        channel.use(options_for(prosody.port(), certificates), kChatSecret);
    }

    ApprovalChannel channel{"push-xmpp"};
    Certificates certificates = make_certificates(channel.workshop.root(), "right", "chat.example");
    ProsodyPeer prosody;
};

void check_silent(const ApprovalChannel& channel) {
    CAPTURE(channel.reply.for_log);
    for (const char* confidence :
         {"ada", "bob", "17", "42", "88", "correct", "horse", "0123456789abcdef", "[...]"})
        CHECK(channel.reply.for_log.find(confidence) == std::string::npos);
}

}  // namespace

TEST_CASE("a person is asked in a chat and answers with the number on the screen", "[xmpp]") {
    Chat chat;
    REQUIRE(chat.channel.begin(kAda) == ChannelOutcome::Accepted);
    check_silent(chat.channel);
    const auto message = chat.prosody.message_of("ada");
    CHECK(message.at("from").get<std::string>().find(kUs) == 0);
    CHECK(message.at("body") == chat.channel.subject + "\n\n" + chat.channel.text +
                                    "\nAnswer with the number that your screen shows. To deny, "
                                    "answer with: deny\n" +
                                    chat.channel.until());
    CHECK(message.at("thread") == kRequest);
    CHECK(chat.channel.poll(kAda) == ChannelOutcome::Queued);
    check_silent(chat.channel);
    chat.prosody.answer("ada", message, " 42\n");
    REQUIRE(chat.channel.poll(kAda) == ChannelOutcome::Accepted);
    CHECK(chat.channel.reply.answer == "42");
    check_silent(chat.channel);
}

TEST_CASE("an answer is found by every look until the request is closed", "[xmpp]") {
    Chat chat;
    REQUIRE(chat.channel.begin(kAda) == ChannelOutcome::Accepted);
    const std::string state = chat.channel.states[kRequest];
    chat.prosody.say("ada", kUs, "42");  // a program that knows no threads
    for (int look = 0; look < 2; ++look) {
        chat.channel.states[kRequest] = state;
        REQUIRE(chat.channel.poll(kAda) == ChannelOutcome::Accepted);
        CHECK(chat.channel.reply.answer == "42");
    }
}

TEST_CASE("a person denies in one word", "[xmpp]") {
    Chat chat;
    const std::string word = GENERATE("no", "Nein", "DENY ", "No!", "no, not me", "no\xe2\x80\xa6");
    REQUIRE(chat.channel.begin(kAda) == ChannelOutcome::Accepted);
    chat.prosody.answer("ada", chat.prosody.message_of("ada"), word);
    CHECK(chat.channel.poll(kAda) == ChannelOutcome::Wrong);
    check_silent(chat.channel);
}

TEST_CASE("what is neither a number of two digits nor a denial is no answer", "[xmpp]") {
    Chat chat;
    REQUIRE(chat.channel.begin(kAda) == ChannelOutcome::Accepted);
    const auto message = chat.prosody.message_of("ada");
    for (const char* text :
         {"4", "422", "4 2", "yes", "now what?", "none", "+4", "\xd9\xa4\xd9\xa2", "42 17"})
        chat.prosody.answer("ada", message, text);
    CHECK(chat.channel.poll(kAda) == ChannelOutcome::Queued);
    chat.prosody.answer("ada", message, "42");
    chat.prosody.answer("ada", message, "17");  // too late: the first number counts
    REQUIRE(chat.channel.poll(kAda) == ChannelOutcome::Accepted);
    CHECK(chat.channel.reply.answer == "42");
}

TEST_CASE("who denies in a chat has denied, whatever they answered beside it", "[xmpp]") {
    Chat chat;
    REQUIRE(chat.channel.begin(kAda) == ChannelOutcome::Accepted);
    const auto message = chat.prosody.message_of("ada");
    chat.prosody.answer("ada", message, "42");
    chat.prosody.answer("ada", message, "deny");
    CHECK(chat.channel.poll(kAda) == ChannelOutcome::Wrong);
}

TEST_CASE("nobody answers for somebody else", "[xmpp]") {
    Chat chat;
    REQUIRE(chat.channel.begin(kAda) == ChannelOutcome::Accepted);
    const auto message = chat.prosody.message_of("ada");
    // Eve knows the number and all that can be known of the request.
    chat.prosody.answer("eve", message, "42");
    chat.prosody.answer("eve", message, "no");
    chat.prosody.say("eve", kUs, "42");
    CHECK(chat.channel.poll(kAda) == ChannelOutcome::Queued);
}

TEST_CASE("an answer to an older request is none to this one", "[xmpp]") {
    Chat chat;
    REQUIRE(chat.channel.begin(kAda, kOtherRequest) == ChannelOutcome::Accepted);
    const auto older = chat.prosody.message_of("ada");
    chat.prosody.answer("ada", older, "42");
    chat.prosody.say("ada", kUs, "17");  // without a thread, but before the new request
    REQUIRE(chat.channel.begin(kAda) == ChannelOutcome::Accepted);
    chat.prosody.answer("ada", older, "no");  // late, and of the older thread
    CHECK(chat.channel.poll(kAda) == ChannelOutcome::Queued);
    chat.prosody.answer("ada", chat.prosody.message_of("ada"), "88");
    REQUIRE(chat.channel.poll(kAda) == ChannelOutcome::Accepted);
    CHECK(chat.channel.reply.answer == "88");
}

TEST_CASE("two persons are asked at once by one account, and each answer is kept for its request",
          "[xmpp]") {
    Chat chat;
    REQUIRE(chat.channel.begin(kAda) == ChannelOutcome::Accepted);
    REQUIRE(chat.channel.begin(kBob, kOtherRequest) == ChannelOutcome::Accepted);
    chat.prosody.answer("bob", chat.prosody.message_of("bob"), "17");
    CHECK(chat.channel.poll(kAda) == ChannelOutcome::Queued);
    chat.prosody.answer("ada", chat.prosody.message_of("ada"), "42");
    REQUIRE(chat.channel.poll(kBob, kOtherRequest) == ChannelOutcome::Accepted);
    CHECK(chat.channel.reply.answer == "17");
    REQUIRE(chat.channel.poll(kAda) == ChannelOutcome::Accepted);
    CHECK(chat.channel.reply.answer == "42");
}

TEST_CASE("the server is reached by TLS from the first byte as well", "[xmpp]") {
    Chat chat;
    auto options = options_for(chat.prosody.direct_tls_port(), chat.certificates);
    options["tls"] = "implicit";
    chat.channel.use(options, kChatSecret);
    REQUIRE(chat.channel.begin(kAda) == ChannelOutcome::Accepted);
    CHECK(chat.prosody.message_of("ada").at("thread") == kRequest);
}

TEST_CASE("a server of this host may do without TLS, and no other", "[xmpp]") {
    Chat chat{{.archive = true, .tls = false}};
    auto options = options_for(chat.prosody.port(), chat.certificates);
    CHECK(chat.channel.begin(kAda) == ChannelOutcome::Misconfigured);  // starttls is not offered
    options["tls"] = "none";
    options["server"] = GENERATE("localhost", "127.0.0.1");
    chat.channel.use(options, kChatSecret);
    REQUIRE(chat.channel.begin(kAda) == ChannelOutcome::Accepted);
    options["server"] = "chat.example";
    chat.channel.use(options, kChatSecret);
    CHECK(chat.channel.begin(kAda) == ChannelOutcome::Misconfigured);
}

TEST_CASE("nothing is said to a server whose certificate is not right", "[xmpp]") {
    Chat chat;
    const std::string root = chat.channel.workshop.root();
    const auto strange = make_certificates(root, "strange", "chat.example");
    auto options = options_for(chat.prosody.port(), strange);
    chat.channel.use(options, kChatSecret);
    CHECK(chat.channel.begin(kAda) == ChannelOutcome::Misconfigured);
    CHECK(chat.channel.reply.for_log.find("certificate") != std::string::npos);
    options.erase("ca_file");  // the host's own certificates do not know the test's authority
    chat.channel.use(options, kChatSecret);
    CHECK(chat.channel.begin(kAda) == ChannelOutcome::Misconfigured);

    const auto misnamed = make_certificates(root, "misnamed", "other.example");
    const ProsodyPeer other{misnamed};
    chat.channel.use(options_for(other.port(), misnamed), kChatSecret);
    CHECK(chat.channel.begin(kAda) == ChannelOutcome::Misconfigured);
    CHECK(chat.channel.reply.for_log.find("certificate") != std::string::npos);
}

TEST_CASE("what the server refuses becomes an outcome", "[xmpp]") {
    Chat chat;
    chat.channel.use(options_for(chat.prosody.port(), chat.certificates), "wrong password");
    CHECK(chat.channel.begin(kAda) == ChannelOutcome::Misconfigured);
    CHECK(chat.channel.poll(kAda) == ChannelOutcome::Misconfigured);
    CHECK(chat.channel.reply.for_log.find("wrong") == std::string::npos);
    chat.channel.use(options_for(chat.prosody.port(), chat.certificates), kChatSecret);
    CHECK(chat.channel.begin("nobody@chat.example") == ChannelOutcome::Permanent);
    CHECK(chat.channel.begin("ada@elsewhere.example") != ChannelOutcome::Accepted);
    auto options = options_for("1", chat.certificates);
    chat.channel.use(options, kChatSecret);
    CHECK(chat.channel.begin(kAda) == ChannelOutcome::NotTaken);  // nobody can have been asked
    CHECK(chat.channel.poll(kAda) == ChannelOutcome::Temporary);
}

TEST_CASE("nobody is asked if the server keeps no archive", "[xmpp]") {
    Chat chat{{.archive = false, .tls = true}};
    REQUIRE(chat.channel.begin(kAda) == ChannelOutcome::Misconfigured);
    CHECK(chat.channel.reply.for_log.find("XEP-0313") != std::string::npos);
}

TEST_CASE("an address that is no plain JID gets nothing", "[xmpp]") {
    ApprovalChannel channel{"push-xmpp"};
    channel.use({{"jid", kUs}, {"server", "127.0.0.1"}, {"port", "1"}}, kChatSecret);
    for (const char* address :
         {"", "ada", "ada@", "@chat.example", "ada@chat.example/phone", "a'da@chat.example",
          "ada&amp;@chat.example", "ada@chat.example' type='headline", "ada <ada@chat.example>"}) {
        CAPTURE(address);
        CHECK(channel.begin(address) == ChannelOutcome::Permanent);
        CHECK(channel.poll(address) == ChannelOutcome::Permanent);
    }
}

TEST_CASE("what is asked arrives as text, whatever is in it", "[xmpp]") {
    Chat chat;
    chat.channel.text = "</body><body>42</body> & \"ada\" 'x' ]]> &#42; \xc3\xb6\n";
    REQUIRE(chat.channel.begin(kAda) == ChannelOutcome::Accepted);
    const std::string body = chat.prosody.message_of("ada").at("body");
    CHECK(body.find(chat.channel.text) != std::string::npos);
    chat.channel.text = "a\x01z";
    CHECK(chat.channel.begin(kAda) == ChannelOutcome::Permanent);
}

TEST_CASE("the chat plugin names the option that is wrong", "[xmpp]") {
    ApprovalChannel channel{"push-xmpp"};
    const Options right{{"jid", kUs}, {"server", "127.0.0.1"}, {"port", "1"}};
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"jid", ""},         {"jid", "latchkey"}, {"jid", "latchkey@chat.example/x"},
        {"server", "a b"},   {"port", "0"},       {"tls", "maybe"},
        {"ca_file", "a.pem"}};
    for (const auto& [name, value] : wrong) {
        CAPTURE(name, value);
        Options options = right;
        options[name] = value;
        channel.use(options, kChatSecret);
        CHECK(channel.begin(kAda) == ChannelOutcome::Misconfigured);
        CHECK(channel.reply.for_log.find("option " + name + ' ') == 0);
    }
    channel.use(right, "");
    CHECK(channel.begin(kAda) == ChannelOutcome::Misconfigured);
    CHECK(channel.reply.for_log.find("secret_file") != std::string::npos);
}
