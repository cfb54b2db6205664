// SPDX-License-Identifier: MIT
//
// A real Kannel, end to end: from the plugin in its sandbox to what the operator gets.
#include <fstream>

#include "tests/support/http_peer.hpp"
#include "tests/support/kannel_peer.hpp"
#include "tests/support/phone_channel.hpp"
#include "tests/system/comes_true.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;
using Options = PhoneChannel::Options;

Options options_for(const std::string& url) {
    return {{"url", url}, {"user", "latchkey"}, {"from", "12345"}};
}

std::vector<std::string> one(const std::string& message) {
    return {message};
}

}  // namespace

TEST_CASE("a code goes through Kannel to the operator", "[kannel]") {
    const KannelPeer kannel;
    PhoneChannel channel{"sms-kannel"};
    channel.use(options_for(kannel.url()));
    REQUIRE(channel.send() == ChannelOutcome::Accepted);
    CHECK(kannel.messages() == one(std::string{"12345 +4917012345678 text "} + kPhoneText));
    check_silent(channel.reply.for_log);
}

TEST_CASE("every printable character goes through Kannel unchanged", "[kannel]") {
    const KannelPeer kannel;
    PhoneChannel channel{"sms-kannel"};
    channel.use(options_for(kannel.url()));
    auto call = message_to_phone();
    const std::string within_gsm = R"(@$_!"#%&'()*+,-./:;<=>?[\]^{|}~ 4711)";
    call.short_text = Secret{within_gsm};
    REQUIRE(channel.send(call) == ChannelOutcome::Accepted);
    CHECK(kannel.messages() == one("12345 +4917012345678 text " + within_gsm));
}

TEST_CASE("a text beyond the operators' seven bits is sent in UCS-2", "[kannel]") {
    const KannelPeer kannel;
    PhoneChannel channel{"sms-kannel"};
    channel.use(options_for(kannel.url()));
    auto call = message_to_phone();
    call.short_text = Secret{"`4`"};
    REQUIRE(channel.send(call) == ChannelOutcome::Accepted);
    CHECK(kannel.messages() == one("12345 +4917012345678 ucs-2 %00%60%004%00%60"));
}

TEST_CASE("Kannel is reached by a template as well", "[kannel]") {
    const KannelPeer kannel;
    PhoneChannel channel{"sms-http"};
    channel.use({{"method", "GET"},
                 {"url", kannel.url() + "?username=latchkey&password={secret}&from=12345&to={to}"
                                        "&text={text}&validity={minutes}"},
                 {"success_status", "202"},
                 {"success_pattern", "0: Accepted"}});
    REQUIRE(channel.send() == ChannelOutcome::Accepted);
    CHECK(kannel.messages() == one(std::string{"12345 +4917012345678 text "} + kPhoneText));
    check_silent(channel.reply.for_log);
}

TEST_CASE("what Kannel cannot hand on yet is queued", "[kannel]") {
    KannelPeer kannel;
    PhoneChannel channel{"sms-kannel"};
    channel.use(options_for(kannel.url()));
    kannel.lose_operator();
    CHECK(channel.send() == ChannelOutcome::Queued);
}

TEST_CASE("Kannel's refusals become outcomes", "[kannel]") {
    const KannelPeer kannel;
    PhoneChannel channel{"sms-kannel"};
    channel.use(options_for(kannel.url()), "wrong password");
    CHECK(channel.send() == ChannelOutcome::Misconfigured);
    channel.use(options_for(kannel.url() + "x"));
    CHECK(channel.send() == ChannelOutcome::Misconfigured);
    auto options = options_for(kannel.url());
    options.erase("from");  // and Kannel knows no default
    channel.use(options);
    CHECK(channel.send() == ChannelOutcome::Misconfigured);
}

TEST_CASE("a probe signs in to Kannel and sends nothing", "[kannel]") {
    const KannelPeer kannel;
    PhoneChannel channel{"sms-kannel"};
    channel.use(options_for(kannel.url()));
    CHECK(channel.probe() == ChannelOutcome::Accepted);
    channel.use(options_for(kannel.url()), "wrong password");
    CHECK(channel.probe() == ChannelOutcome::Misconfigured);
    channel.use(options_for(kannel.url() + "x"));
    CHECK(channel.probe() == ChannelOutcome::Misconfigured);
    channel.use(options_for("http://127.0.0.1:1/sendsms"));
    CHECK(channel.probe() == ChannelOutcome::NotTaken);
    // A message that is sent now is the first one.
    channel.use(options_for(kannel.url()));
    REQUIRE(channel.send() == ChannelOutcome::Accepted);
    CHECK(kannel.messages() == one(std::string{"12345 +4917012345678 text "} + kPhoneText));
}

TEST_CASE("a web server that says yes to everything is no Kannel", "[kannel]") {
    PhoneChannel channel{"sms-kannel"};
    const HttpPeer peer;
    channel.use(options_for(peer.url() + "/sendsms"));
    peer.answer({.status = 200, .body = "welcome"});
    CHECK(channel.send() == ChannelOutcome::Temporary);
    CHECK(channel.probe() == ChannelOutcome::Misconfigured);
}

TEST_CASE("Kannel is asked in golden form", "[kannel]") {
    PhoneChannel channel{"sms-kannel"};
    const HttpPeer peer;
    peer.answer({.status = 202, .body = "0: Accepted for delivery"});
    auto options = options_for(peer.url() + "/cgi-bin/sendsms/");
    options["smsc"] = "operator one";
    channel.use(options);
    REQUIRE(channel.send() == ChannelOutcome::Accepted);
    CHECK(peer.only_request().target ==
          "/cgi-bin/sendsms?username=latchkey&password=correct%20horse&from=12345&smsc=operator%20"
          "one&to=%2B4917012345678&text=4711%200815%20is%20your%20recovery%20code%20for%20example."
          "%20It%20is%20valid%20for%205%20minutes.&charset=UTF-8&coding=0&validity=5");
}

TEST_CASE("a code goes through Kannel to an operator over SMPP", "[kannel]") {
    const TemporaryDirectory directory;
    const std::string file = directory.write("messages", "");
    const PeerProcess smpp{
        {"node", LATCHKEY_TEST_SMPP_PEER, LATCHKEY_TEST_PEERS_NPM "/phone", file}};
    const KannelPeer kannel{smpp.first_line()};
    PhoneChannel channel{"sms-kannel"};
    channel.use(options_for(kannel.url()));
    REQUIRE(channel.send() == ChannelOutcome::Accepted);
    REQUIRE(comes_true([&] { return !content_of(file).empty(); }));
    const auto message = nlohmann::json::parse(content_of(file));
    CHECK(message.at("to") == "4917012345678");
    CHECK(message.at("from") == "12345");
    CHECK(message.at("text") == kPhoneText);
    CHECK(message.at("data_coding") == 0);
    CHECK_FALSE(message.at("validity").get<std::string>().empty());
}
