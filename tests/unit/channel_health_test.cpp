// SPDX-License-Identifier: MIT
#include "core/channel_health.hpp"

#include <vector>

#include "tests/support/catch.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kNow{1'800'000'000s};

// After a probe a minute with these answers; the last one is of kNow.
ChannelHealth after(const std::vector<bool>& answers, std::chrono::seconds apart = 60s) {
    ChannelHealth health{"mail", {}, {}, {}, 0};
    TimePoint at = kNow - apart * (static_cast<int>(answers.size()) - 1);
    for (const bool works : answers) {
        health = after_probe(health, works, at);
        at += apart;
    }
    return health;
}

Settings two_channels() {
    Settings settings;
    settings.methods["email"].channels = {"mail", "post"};
    settings.methods["totp"] = {"App", MethodKind::Verification, {"totp"}};
    return settings;
}

ChannelHealth failing(const std::string& channel) {
    ChannelHealth health = after({false, false});
    health.channel = channel;
    return health;
}

}  // namespace

TEST_CASE("a channel is in trouble after two failures in a row, and out of it after one success",
          "[health]") {
    CHECK_FALSE(is_in_trouble({"mail", {}, {}, {}, 0}, kNow));
    CHECK_FALSE(is_in_trouble(after({false}), kNow));
    CHECK(is_in_trouble(after({false, false}), kNow));
    CHECK(is_in_trouble(after({true, false, false, false}), kNow));
    CHECK_FALSE(is_in_trouble(after({false, true, false}), kNow));
    CHECK_FALSE(is_in_trouble(after({false, false, true}), kNow));
}

TEST_CASE("trouble is told since the first of its failures", "[health]") {
    CHECK(after({true, false, false, false}).failing_since == kNow - 2min);
    CHECK(after({false, true, false, false}).failing_since == kNow - 1min);
}

TEST_CASE("what was probed ten minutes ago is unknown, and counts for nothing after", "[health]") {
    const ChannelHealth health = after({false, false});
    CHECK(is_in_trouble(health, kNow + 599s));
    CHECK_FALSE(is_in_trouble(health, kNow + 600s));
    CHECK_FALSE(is_in_trouble(after_probe(health, false, kNow + 600s), kNow + 600s));
    CHECK_FALSE(is_in_trouble(after({false, false}, 10min), kNow));
}

TEST_CASE("a clock that was set back leaves nothing known and nobody waiting", "[health]") {
    ChannelHealth health = after({false, false});
    health.begun_at = kNow;
    CHECK_FALSE(is_in_trouble(health, kNow - 1h));
    CHECK(may_be_probed(health, kNow - 1h));
}

TEST_CASE("a channel is probed once a minute, by a timer that may be early", "[health]") {
    const ChannelHealth health{"mail", kNow, {}, {}, 0};
    CHECK_FALSE(may_be_probed(health, kNow));
    CHECK_FALSE(may_be_probed(health, kNow + 49s));
    CHECK(may_be_probed(health, kNow + 55s));
}

TEST_CASE("a method is marked only if none of its channels works", "[health]") {
    const Settings settings = two_channels();
    const auto marked = [&](const std::vector<ChannelHealth>& health) {
        return methods_in_trouble(settings, health, kNow);
    };
    CHECK(marked({}).empty());
    CHECK(marked({failing("mail")}).empty());
    CHECK(marked({failing("mail"), failing("other")}).empty());
    CHECK(marked({failing("mail"), failing("post")}) == std::set<std::string>{"email"});
}

TEST_CASE("a method without a channel, and one that sends nothing, is never marked", "[health]") {
    Settings settings = two_channels();
    settings.methods["email"].channels.clear();
    const std::vector<ChannelHealth> health{failing("mail"), failing("totp")};
    CHECK(methods_in_trouble(settings, health, kNow).empty());
}
