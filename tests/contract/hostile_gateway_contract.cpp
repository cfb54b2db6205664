// SPDX-License-Identifier: MIT
//
// Gateways that lie, stall, flood and repeat what they were told, against every plugin that
// speaks HTTP: each costs one delivery within its deadline, and no word of theirs is logged.
#include "tests/support/http_peer.hpp"
#include "tests/support/phone_channel.hpp"
#include "tests/system/comes_true.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;
using Options = PhoneChannel::Options;

constexpr const char* kAccount = "AC00000000000000000000000000000000";

const std::vector<std::string> kPlugins{"sms-http", "sms-twilio", "voice-twilio", "sms-vonage",
                                        "sms-kannel"};

// Options with which the plugin speaks to `url`.
Options options_of(const std::string& plugin, const std::string& url) {
    if (plugin == "sms-http") return {{"url", url}, {"body", "to={to}&text={text}&key={secret}"}};
    if (plugin == "sms-vonage") return {{"url", url}, {"api_key", "key"}, {"from", "+12025550123"}};
    if (plugin == "sms-kannel") return {{"url", url + "/sendsms"}, {"user", "latchkey"}};
    return {{"url", url}, {"account", kAccount}, {"from", "+12025550123"}};
}

std::string every_plugin() {
    return GENERATE(from_range(kPlugins.begin(), kPlugins.end()));
}

}  // namespace

TEST_CASE("a gateway that speaks for ever is cut off after 64 KiB", "[hostile gateway]") {
    // What is taken, and what the sockets on both sides hold beside it.
    constexpr std::size_t kMost = 1 << 20;
    const std::string plugin = every_plugin();
    const std::string mode = GENERATE("endless-headers", "endless-header-line", "endless-interim",
                                      "endless-body", "endless-chunks");
    CAPTURE(plugin, mode);
    PhoneChannel channel{plugin};
    channel.setup.deadline_seconds = 10;
    const HttpPeer peer{mode};
    channel.use(options_of(plugin, peer.url()));
    const auto before = std::chrono::steady_clock::now();
    CHECK(channel.send() == ChannelOutcome::Temporary);
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{5});
    CHECK(peer.received().size() == 1);
    REQUIRE(comes_true([&] { return peer.flooded().has_value(); }));
    CHECK(peer.flooded() < kMost);
    // A header line without an end is libcurl's to refuse.
    if (mode != "endless-header-line")
        CHECK(channel.reply.for_log == "the gateway's answer is too large");
    check_silent(channel.reply.for_log);
}

TEST_CASE("a gateway that stalls or breaks off costs one delivery within its deadline",
          "[hostile gateway]") {
    const std::string plugin = every_plugin();
    const std::string mode = GENERATE("drip", "cut", "reset", "garbage", "other-protocol", "mute");
    CAPTURE(plugin, mode);
    PhoneChannel channel{plugin};
    channel.setup.deadline_seconds = 2;
    const HttpPeer peer{mode};
    channel.use(options_of(plugin, peer.url()));
    const auto before = std::chrono::steady_clock::now();
    CHECK(channel.send() == ChannelOutcome::Temporary);
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{3});
    CHECK(peer.received().size() == 1);
    check_silent(channel.reply.for_log);
}

TEST_CASE("what a gateway repeats of a message never reaches the log", "[hostile gateway]") {
    const std::string plugin = every_plugin();
    PhoneChannel channel{plugin};
    const HttpPeer peer;
    channel.use(options_of(plugin, peer.url()));
    const bool is_judged_by_status = plugin != "sms-vonage" && plugin != "sms-kannel";
    for (const int status : {200, 202, 302, 400, 401, 429, 500}) {
        CAPTURE(plugin, status);
        peer.answer({.status = status,
                     .body = R"({"code":"TOLD","message":"TOLD","status":"TOLD",)"
                             R"("messages":[{"status":"TOLD","error-text":"TOLD"}]})",
                     .echo = true});
        const bool accepted = channel.send() == ChannelOutcome::Accepted;
        CHECK(accepted == (status < 300 && is_judged_by_status));
        check_silent(channel.reply.for_log);
        CHECK(channel.reply.for_log.find("example") == std::string::npos);
    }
    CHECK(peer.received().size() == 7);
}

TEST_CASE("a code that a gateway passes off as an error number is not logged",
          "[hostile gateway]") {
    const std::string plugin = GENERATE("sms-twilio", "voice-twilio", "sms-vonage");
    CAPTURE(plugin);
    PhoneChannel channel{plugin};
    const HttpPeer peer;
    const std::string number = GENERATE("471108", "47110815", "\"471108\"", "\"0000047110815\"");
    peer.answer({.status = plugin == "sms-vonage" ? 200 : 400,
                 .body = R"({"code":)" + number + R"(,"messages":[{"status":)" + number + "}]}"});
    channel.use(options_of(plugin, peer.url()));
    CHECK(channel.send() != ChannelOutcome::Accepted);
    check_silent(channel.reply.for_log);
}

TEST_CASE("a gateway's wish to be left alone is heard, but not for ever", "[hostile gateway]") {
    const std::string plugin = every_plugin();
    PhoneChannel channel{plugin};
    const HttpPeer peer;
    channel.use(options_of(plugin, peer.url()));
    const std::vector<std::pair<const char*, std::uint32_t>> wishes{
        {"30", 30},
        {"1000000000", 600},
        {"99999999999999999999999999", 0},  // more than a number holds is none
        {"-5", 0},
        {"soon", 0},
        {"", 0},
        {"Fri, 31 Dec 9999 23:59:59 GMT", 600},
        {"Thu, 01 Jan 1970 00:00:00 GMT", 0}};
    for (const auto& [wish, heard] : wishes) {
        CAPTURE(plugin, wish);
        peer.answer({.status = 429, .body = "", .headers = {{"Retry-After", wish}}});
        CHECK(channel.send() == ChannelOutcome::NotTaken);
        CHECK(channel.reply.retry_after == heard);
    }
}

TEST_CASE("a redirect is never followed, neither elsewhere nor down to http", "[hostile gateway]") {
    const std::string plugin = every_plugin();
    PhoneChannel channel{plugin};
    const auto [name, address] = loopback_name();
    const auto certificates = make_certificates(channel.workshop.root(), "right", name);
    const HttpPeer elsewhere;  // in the clear, and another port
    const HttpPeer peer{"answers", certificates, address};
    auto options = options_of(plugin, peer.url(name));
    options["ca_file"] = certificates.ca;
    channel.use(options);
    for (const int status : {301, 302, 303, 307, 308}) {
        CAPTURE(plugin, status);
        peer.answer({.status = status, .body = "", .headers = {{"Location", elsewhere.url()}}});
        CHECK(channel.send() == ChannelOutcome::Misconfigured);
        CHECK(channel.reply.for_log.find("redirect") != std::string::npos);
        check_silent(channel.reply.for_log);
    }
    CHECK(peer.received().size() == 5);
    CHECK(elsewhere.received().empty());
}

TEST_CASE("a gateway whose certificate is not right gets neither message nor secret",
          "[hostile gateway]") {
    const std::string plugin = every_plugin();
    CAPTURE(plugin);
    PhoneChannel channel{plugin};
    const auto [name, address] = loopback_name();
    const auto right = make_certificates(channel.workshop.root(), "right", name);
    const auto strange = make_certificates(channel.workshop.root(), "strange", name);
    const HttpPeer peer{"answers", strange, address};
    auto options = options_of(plugin, peer.url(name));
    options["ca_file"] = right.ca;
    channel.use(options);
    CHECK(channel.send() == ChannelOutcome::Misconfigured);
    CHECK(peer.received().empty());
    check_silent(channel.reply.for_log);
}

TEST_CASE("JSON of any depth or type is no success and no crash", "[hostile gateway]") {
    const std::string plugin = GENERATE("sms-twilio", "sms-vonage");
    const std::string body = GENERATE(
        std::string(60000, '['), "{\"messages\":" + std::string(60000, '['),
        std::string(30000, '[') + std::string(30000, ']'), std::string{"{\"messages\":7}"},
        std::string{"{\"code\":{\"a\":[]}}"}, std::string{"\"\\ud800\""}, std::string(1, '\0'));
    CAPTURE(plugin, body.substr(0, 40));
    PhoneChannel channel{plugin};
    const HttpPeer peer;
    const bool vonage = plugin == "sms-vonage";
    channel.use(options_of(plugin, peer.url()));
    peer.answer({.status = vonage ? 200 : 400, .body = body});
    CHECK(channel.send() == (vonage ? ChannelOutcome::Temporary : ChannelOutcome::Permanent));
}

TEST_CASE("a gateway that is not there has taken nothing, and is worth another try",
          "[hostile gateway]") {
    const std::string plugin = every_plugin();
    CAPTURE(plugin);
    PhoneChannel channel{plugin};
    std::string url;
    {
        const HttpPeer gone;
        url = gone.url();
    }
    channel.use(options_of(plugin, url));
    CHECK(channel.send() == ChannelOutcome::NotTaken);
    channel.setup.deadline_seconds = 2;  // a resolver that does not answer is as good
    channel.use(options_of(plugin, "https://no-such-host.invalid"));
    CHECK(channel.send() == ChannelOutcome::NotTaken);
}

TEST_CASE("every plugin refuses what is no phone number before anybody is asked",
          "[hostile gateway]") {
    const std::string plugin = every_plugin();
    CAPTURE(plugin);
    PhoneChannel channel{plugin};
    const HttpPeer peer;
    channel.use(options_of(plugin, peer.url()));
    for (const char* address : {"ada@example.org", "4917012345678", "+49(170)12345678",
                                "+4917012345678\n", "+4917012345678&To=+1", "*21*1234#"}) {
        CAPTURE(address);
        CHECK(channel.send(message_to_phone(address)) == ChannelOutcome::Permanent);
        check_silent(channel.reply.for_log);
    }
    CHECK(peer.received().empty());
}

TEST_CASE("without options and secret every plugin says what is missing", "[hostile gateway]") {
    const std::string plugin = every_plugin();
    CAPTURE(plugin);
    PhoneChannel channel{plugin};
    channel.use({}, "");
    CHECK(channel.send() == ChannelOutcome::Misconfigured);
    CHECK_FALSE(channel.reply.for_log.empty());
}
