// SPDX-License-Identifier: MIT
//
// What becomes of a probe, on the real store; gateways and time are the test's.
#include "verifier/channel_probes.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "adapters/sqlite_store/sqlite_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;
using namespace std::chrono_literals;
using wire::ChannelOutcome;

namespace {

using Names = std::vector<std::string>;

class Gateways {
public:
    Gateways() : store_(std::move(SqliteStore::open(directory_.file("store/store.db"))).value()) {
        settings.methods["email"].channels = {"mail", "post"};
        settings.methods["totp"] = {"App", MethodKind::Verification, {"totp"}};
        for (const char* name : {"mail", "post", "totp", "unused"})
            settings.channels[name].deadline = 10s;
    }

    // Which channels were asked.
    Names run() {
        Names asked;
        ChannelProbes{settings,
                      {*store_, clock, log,
                       [&](const std::string& channel) { return answer(channel, asked); }}}
            .run();
        return asked;
    }
    // One each minute; what the last one asked.
    Names runs(int number) {
        Names asked;
        for (int i = 0; i < number; ++i) {
            asked = run();
            clock.advance(1min);
        }
        return asked;
    }
    [[nodiscard]] Names in_trouble() {
        Names names;
        const auto all = store_->channel_health().value();
        for (const ChannelHealth& health : all)
            if (is_in_trouble(health, clock.now())) names.push_back(health.channel);
        return names;
    }
    [[nodiscard]] bool has_a_result() {
        const auto all = store_->channel_health().value();
        return std::any_of(all.begin(), all.end(), [](const ChannelHealth& health) {
            return health.probed_at != TimePoint{};
        });
    }

    Settings settings;
    FakeClock clock;
    RecordedEvents log;
    std::map<std::string, ChannelOutcome> outcomes{{"mail", ChannelOutcome::Accepted},
                                                   {"post", ChannelOutcome::Accepted}};
    std::chrono::seconds call_takes = 0s;
    bool monitor_is_gone = false;

private:
    std::optional<wire::ChannelReply> answer(const std::string& channel, Names& asked) {
        if (monitor_is_gone) return std::nullopt;
        asked.push_back(channel);
        clock.advance(call_takes);
        wire::ChannelReply reply;
        reply.outcome = outcomes.at(channel);
        reply.for_log = "the gateway said \"so\"";
        return reply;
    }

    TemporaryDirectory directory_;
    std::unique_ptr<Store> store_;
};

}  // namespace

TEST_CASE("every channel that a delivery method uses is probed, and no other one") {
    Gateways gateways;
    gateways.settings.methods["sms"].channels = {"post", "not configured"};
    CHECK(gateways.run() == Names{"mail", "post"});
}

TEST_CASE("a channel is probed once in a minute, however many runs there are") {
    Gateways gateways;
    CHECK(gateways.run().size() == 2);
    CHECK(gateways.run().empty());
    gateways.clock.advance(1min);
    CHECK(gateways.run().size() == 2);
}

TEST_CASE("two probes that fail are trouble, and one that succeeds is the end of it") {
    Gateways gateways;
    const auto outcome = GENERATE(ChannelOutcome::Temporary, ChannelOutcome::Permanent,
                                  ChannelOutcome::Misconfigured, ChannelOutcome::Queued);
    gateways.outcomes["mail"] = outcome;
    (void)gateways.runs(1);
    CHECK(gateways.in_trouble().empty());
    (void)gateways.runs(1);
    CHECK(gateways.in_trouble() == Names{"mail"});
    CHECK(gateways.log.has("probes fail channel=mail why=\"the gateway said"));
    gateways.outcomes["mail"] = ChannelOutcome::Accepted;
    (void)gateways.runs(1);
    CHECK(gateways.in_trouble().empty());
    CHECK(gateways.log.has("probes succeed again channel=mail"));
}

TEST_CASE("trouble is written to the log once, not every minute") {
    Gateways gateways;
    gateways.outcomes["mail"] = ChannelOutcome::Temporary;
    (void)gateways.runs(20);
    CHECK(gateways.log.count("probes fail") == 1);
}

TEST_CASE("a plugin that cannot tell is never in trouble") {
    Gateways gateways;
    gateways.outcomes["mail"] = ChannelOutcome::CannotTell;
    (void)gateways.runs(5);
    CHECK(gateways.in_trouble().empty());
}

TEST_CASE("a monitor that is gone says nothing about a channel") {
    Gateways gateways;
    gateways.monitor_is_gone = true;
    CHECK(gateways.runs(3).empty());
    CHECK_FALSE(gateways.has_a_result());
}

TEST_CASE("channels that hang leave a run's time to nobody twice: who waited comes first") {
    Gateways gateways;
    gateways.settings.methods["email"].channels.clear();
    for (char letter = 'a'; letter <= 'h'; ++letter) {
        const std::string name{letter};
        gateways.settings.channels[name].deadline = 10s;
        gateways.settings.methods[name].channels = {name};
        gateways.outcomes[name] = ChannelOutcome::Temporary;
    }
    gateways.call_takes = 10s;
    const TimePoint begun = gateways.clock.now();
    CHECK(gateways.run() == Names{"a", "b", "c", "d", "e", "f"});
    CHECK(gateways.clock.now() - begun <= ChannelProbes::kRunLength);
    CHECK(gateways.run() == Names{"g", "h", "a", "b", "c", "d"});
}
