// SPDX-License-Identifier: MIT
#include <functional>
#include <sstream>

#include <nlohmann/json.hpp>

#include "cli/channel_verbs.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;
using namespace latchkey::cli;
using nlohmann::json;
using wire::ChannelOutcome;
using wire::ChannelVerb;

namespace {

Settings settings_with_a_modem() {
    Settings settings;
    settings.methods["email"] = {"Mail", MethodKind::Delivery, {"mail"}, std::chrono::minutes{10}};
    settings.methods["sms"] = {"Text", MethodKind::Delivery, {"modem"}, std::chrono::minutes{10}};
    settings.methods["app"] = {"App", MethodKind::Verification, {"totp"}, std::chrono::minutes{10}};
    settings.channels["mail"].plugin = "email";
    settings.channels["modem"].plugin = "sms-spool";
    settings.channels["modem"].profile = Profile::Spool;
    settings.channels["modem"].budget = {60, 200};
    settings.channels["totp"].plugin = "totp";
    settings.channels["totp"].profile = Profile::None;
    return settings;
}

wire::ChannelReply reply(ChannelOutcome outcome, const std::string& why) {
    wire::ChannelReply made;
    made.outcome = outcome;
    made.for_log = why;
    return made;
}

// A command with channels that answer as they are told, and note what they are asked.
struct Desk {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    Terminal terminal{in, out, err};
    Host host;
    using Answer = std::function<Result<wire::ChannelReply>()>;
    Answer probed = [] { return reply(ChannelOutcome::Accepted, ""); };
    Answer delivered = [] { return reply(ChannelOutcome::Queued, "put into outgoing"); };
    std::vector<std::pair<std::string, std::string>> asked;  // channel, address
    CallChannel call = [this](const Settings&, const std::string& channel,
                              const wire::ChannelCall& message) {
        return answer(channel, message);
    };

    MonitorAnswer budgets{{}, ExitStatus::Ok, {}};
    MonitorCall monitor = [this](const wire::AdminRequest& request) { return told(request); };

    // Numbers are drawn in turn, and the first one is shown.
    TimePoint now;
    std::uint32_t drawn = 0;
    Waiting waiting{[this] { return now; }, [this](std::chrono::seconds time) { now += time; },
                    [this](std::uint32_t bound) { return bound == 3 ? 0 : drawn++ % bound; }};

    Desk() {
        host.settings = [] { return Result<Settings>{settings_with_a_modem()}; };
    }
    MonitorAnswer told(const wire::AdminRequest& request) {
        CHECK(request.verb == wire::AdminVerb::Budgets);
        return std::move(budgets);
    }
    void carried(std::string_view row) { budgets.rows.emplace_back(row); }
    Result<wire::ChannelReply> answer(const std::string& channel,
                                      const wire::ChannelCall& message) {
        asked.emplace_back(channel, message.to);
        CHECK(message.code.empty());
        CHECK((message.verb == ChannelVerb::Probe || !message.short_text.empty()));
        return message.verb == ChannelVerb::Probe ? probed() : delivered();
    }
    ExitStatus channels(Output output = {}) {
        return run_channels({output}, host, monitor, call, terminal);
    }
    ExitStatus test(const std::string& channel, Output output = {}) {
        return run_test({channel, "+4930123456", output}, host, call, waiting, terminal);
    }
};

// With a channel that asks devices; its clock goes on when somebody waits.
struct PushDesk : Desk {
    PushDesk() {
        host.settings = [] {
            Settings settings = settings_with_a_modem();
            settings.methods["push"] = {
                "Push", MethodKind::Approval, {"ntfy"}, std::chrono::minutes{10}};
            settings.channels["ntfy"].plugin = "push-ntfy";
            return Result<Settings>{std::move(settings)};
        };
        delivered = [this] { return ++asks == 1 ? reply(ChannelOutcome::Queued, "") : looked(); };
    }
    Answer looked = [] { return reply(ChannelOutcome::Queued, ""); };
    int asks = 0;
};

wire::ChannelReply chose(const std::string& number) {
    wire::ChannelReply made = reply(ChannelOutcome::Accepted, "");
    made.answer = number;
    return made;
}

}  // namespace

TEST_CASE("a device is asked for real, and what its holder chooses is told") {
    PushDesk desk;
    SECTION("the number that is shown") {
        desk.looked = [&desk] {
            return desk.asks < 4 ? reply(ChannelOutcome::Queued, "") : chose("10");
        };
        CHECK(desk.test("ntfy") == ExitStatus::Ok);
        CHECK(desk.out.str() ==
              "STEP      RESULT    WHAT\n"
              "settings  read      plugin push-ntfy, profile network\n"
              "request   queued    -\n"
              "answer    approved  -\n");
        CHECK(desk.err.str() == "Tap or type 10 on the device (2:00 left)\n");
    }
    SECTION("another one") {
        desk.looked = [] { return chose("11"); };
        CHECK(desk.test("ntfy", {true, true}) == ExitStatus::Ok);
        CHECK(json::parse(desk.out.str()).at("steps").at(2).at("result") == "another number");
    }
    SECTION("a denial") {
        desk.looked = [] { return reply(ChannelOutcome::Wrong, ""); };
        CHECK(desk.test("ntfy") == ExitStatus::Ok);
        CHECK(desk.out.str().find("answer    denied") != std::string::npos);
    }
}

TEST_CASE("who waits at a terminal for a device sees the time go by") {
    PushDesk desk;
    desk.terminal.asks = true;
    desk.looked = [&desk] {
        return desk.asks < 3 ? reply(ChannelOutcome::Queued, "") : chose("10");
    };
    CHECK(desk.test("ntfy") == ExitStatus::Ok);
    CHECK(desk.err.str() ==
          "\rTap or type 10 on the device (2:00 left) "
          "\rTap or type 10 on the device (1:58 left) \n");
}

TEST_CASE("a device that is not reached, or never answers, fails the test") {
    PushDesk desk;
    SECTION("never answers") {
        CHECK(desk.test("ntfy") == ExitStatus::ChannelFailed);
        CHECK(desk.asks == 61);  // the request, and a look every two seconds for two minutes
        CHECK(desk.err.str().find("the answer did not come; mend [channel.ntfy]") !=
              std::string::npos);
    }
    SECTION("is not reached") {
        desk.delivered = [] { return reply(ChannelOutcome::NotTaken, "connection refused"); };
        CHECK(desk.test("ntfy") == ExitStatus::ChannelFailed);
        CHECK(desk.err.str().find("the request was not taken; mend [channel.ntfy]") !=
              std::string::npos);
    }
    SECTION("is lost meanwhile") {
        desk.looked = [] { return Error{ErrorKind::Unavailable, "no answer in time"}; };
        CHECK(desk.test("ntfy") == ExitStatus::ChannelFailed);
        CHECK(desk.out.str().find("answer    failed  no answer in time") != std::string::npos);
    }
}

TEST_CASE("channels shows every channel with its sandbox and whether it works") {
    Desk desk;
    desk.carried(R"({"channel":"modem","last_hour":7,"last_day":201})");
    CHECK(desk.channels() == ExitStatus::Ok);
    CHECK(desk.out.str() ==
          "CHANNEL  PLUGIN     PROFILE  KIND          HOUR     DAY         HEALTH  WHY\n"
          "mail     email      network  delivery      -        -           works   -\n"
          "modem    sms-spool  spool    delivery      7 of 60  201 of 200  works   -\n"
          "totp     totp       none     verification  -        -           -       -\n");
    CHECK(desk.asked.size() == 2);  // no answer is made up for one that checks
}

TEST_CASE("a channel that asks devices is shown, and not probed") {
    PushDesk desk;
    desk.probed = [] { return reply(ChannelOutcome::Accepted, ""); };
    CHECK(desk.channels() == ExitStatus::Ok);
    CHECK(desk.out.str().find("ntfy     push-ntfy  network  approval") != std::string::npos);
    for (const auto& [channel, address] : desk.asked) CHECK(channel != "ntfy");
}

TEST_CASE("channels says which channel does not work and why, and fails") {
    Desk desk;
    desk.probed = [] { return reply(ChannelOutcome::Temporary, "no\x1b answer"); };
    desk.carried(R"({"channel":"modem","last_hour":7,"last_day":201})");
    CHECK(desk.channels({true, false}) == ExitStatus::ChannelFailed);
    const json row = json::parse(desk.out.str()).at("channels").at(1);
    CHECK(row == json{{"channel", "modem"},
                      {"plugin", "sms-spool"},
                      {"profile", "spool"},
                      {"kind", "delivery"},
                      {"hour", {{"limit", 60}, {"used", 7}, {"left", 53}}},
                      {"day", {{"limit", 200}, {"used", 201}, {"left", 0}}},
                      {"health", "temporary"},
                      {"why", "no\\x1b answer"}});
}

TEST_CASE("a budget is shown also where nobody tells how much of it is used") {
    Desk desk;
    SECTION("because the monitor cannot be asked") {
        desk.budgets = {{}, ExitStatus::MonitorUnreachable, "no key"};
    }
    SECTION("or says what is no row") {
        desk.carried(R"({"channel":"modem","last_hour":-1})");
    }
    CHECK(desk.channels() == ExitStatus::Ok);
    CHECK(desk.out.str().find("? of 60  ? of 200") != std::string::npos);
}

TEST_CASE("a channel that cannot tell, or cannot be started, is shown as that") {
    Desk desk;
    desk.probed = [] { return reply(ChannelOutcome::CannotTell, ""); };
    CHECK(desk.channels({false, false}) == ExitStatus::Ok);
    CHECK(desk.out.str().find("CHANNEL") == std::string::npos);
    CHECK(desk.out.str().find("cannot tell") != std::string::npos);
    desk.probed = []() -> Result<wire::ChannelReply> {
        return Error{ErrorKind::Misconfigured, "no such group"};
    };
    CHECK(desk.channels() == ExitStatus::ChannelFailed);
    CHECK(desk.out.str().find("failed  no such group") != std::string::npos);
}

TEST_CASE("test sends a message for real and shows each step") {
    Desk desk;
    CHECK(desk.test("modem") == ExitStatus::Ok);
    CHECK(desk.out.str() ==
          "STEP      RESULT  WHAT\n"
          "settings  read    plugin sms-spool, profile spool\n"
          "probe     works   -\n"
          "message   queued  put into outgoing\n");
    CHECK(desk.asked == std::vector<std::pair<std::string, std::string>>{{"modem", ""},
                                                                         {"modem", "+4930123456"}});
}

TEST_CASE("test fails if the message is not taken, whatever the probe said") {
    Desk desk;
    desk.delivered = [] { return reply(ChannelOutcome::Permanent, "no such number"); };
    CHECK(desk.test("modem", {true, true}) == ExitStatus::ChannelFailed);
    const json told = json::parse(desk.out.str());
    CHECK(told.at("taken") == false);
    CHECK(told.at("steps").at(2).at("result") == "permanent");
    CHECK(desk.err.str().find("mend [channel.modem] in /etc/latchkey") != std::string::npos);
    CHECK(desk.err.str().find("+4930123456") == std::string::npos);
}

TEST_CASE("test names the channels there are, and refuses one that sends nothing") {
    Desk desk;
    CHECK(desk.test("sms") == ExitStatus::NotFound);
    CHECK(desk.err.str().find("there are: mail, modem, totp") != std::string::npos);
    CHECK(desk.test("totp") == ExitStatus::Usage);
    desk.host.settings = [] {
        return Result<Settings>{Error{ErrorKind::Misconfigured, "latchkey.toml:1: x: is wrong"}};
    };
    CHECK(desk.test("modem") == ExitStatus::Configuration);
    CHECK(desk.channels() == ExitStatus::Configuration);
    CHECK(desk.asked.empty());
}
