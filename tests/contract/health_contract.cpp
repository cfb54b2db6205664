// SPDX-License-Identifier: MIT
//
// What every Store promises about probes, on the real one and the fake.
#include "tests/contract/store_under_test.hpp"

using namespace latchkey;
using namespace latchkey::contract;

namespace {

void probe(Store& store, const std::string& channel, bool works, TimePoint at) {
    REQUIRE(store.begin_probe(channel, at).value());
    REQUIRE(store.record_probe(channel, works, at + 1s));
}

ChannelHealth only(Store& store) {
    const auto all = store.channel_health().value();
    REQUIRE(all.size() == 1);
    return all.front();
}

}  // namespace

TEMPLATE_TEST_CASE("a channel that was never probed is not listed", "", OnSqlite, InMemory) {
    TestType on;
    CHECK(on.store.channel_health().value().empty());
}

TEMPLATE_TEST_CASE("of two who want to probe a channel in one minute one is let", "", OnSqlite,
                   InMemory) {
    TestType on;
    CHECK(on.store.begin_probe("mail", kNow).value());
    CHECK_FALSE(on.store.begin_probe("mail", kNow).value());
    CHECK_FALSE(on.store.begin_probe("mail", kNow + 49s).value());
    CHECK(on.store.begin_probe("post", kNow).value());
    CHECK(on.store.begin_probe("mail", kNow + 1min).value());
}

TEMPLATE_TEST_CASE("a probe that was begun and never answered says nothing", "", OnSqlite,
                   InMemory) {
    TestType on;
    REQUIRE(on.store.begin_probe("mail", kNow).value());
    REQUIRE(on.store.begin_probe("mail", kNow + 1min).value());
    const ChannelHealth health = only(on.store);
    CHECK(health.begun_at == kNow + 1min);
    CHECK(health.probed_at == TimePoint{});
    CHECK_FALSE(is_in_trouble(health, kNow + 1min));
}

TEMPLATE_TEST_CASE("failures are counted since the last success, each channel for itself", "",
                   OnSqlite, InMemory) {
    TestType on;
    probe(on.store, "post", true, kNow);
    for (const auto minute : {0min, 1min, 2min}) probe(on.store, "mail", false, kNow + minute);
    const auto all = on.store.channel_health().value();
    REQUIRE(all.size() == 2);
    CHECK(all[0].channel == "mail");
    CHECK(all[0].failures == 3);
    CHECK(all[0].failing_since == kNow + 1s);
    CHECK(all[0].probed_at == kNow + 2min + 1s);
    CHECK(all[1].channel == "post");
    CHECK(all[1].failures == 0);
    probe(on.store, "mail", true, kNow + 3min);
    CHECK(on.store.channel_health().value()[0].failures == 0);
}

TEMPLATE_TEST_CASE("a result without a probe is refused", "", OnSqlite, InMemory) {
    TestType on;
    const auto recorded = on.store.record_probe("mail", false, kNow);
    REQUIRE_FALSE(recorded);
    CHECK(recorded.error().kind == ErrorKind::NotFound);
    CHECK(on.store.channel_health().value().empty());
}

TEMPLATE_TEST_CASE("a channel that nobody probes any more is forgotten", "", OnSqlite, InMemory) {
    TestType on;
    probe(on.store, "mail", false, kNow);
    REQUIRE(on.store.prune(kNow + 599s));
    CHECK(on.store.channel_health().value().size() == 1);
    REQUIRE(on.store.prune(kNow + 600s));
    CHECK(on.store.channel_health().value().empty());
}
