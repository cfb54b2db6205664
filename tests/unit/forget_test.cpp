// SPDX-License-Identifier: MIT
//
// Who has signed in has everything taken away at once: it goes on counting for 30 days, everybody
// who was there is told, and can end it.
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/change_world.hpp"

namespace latchkey {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const std::string kSecondAddress = "ada@example.com";

// By a code to the first address.
bool forgets(ChangeWorld& world) {
    return world.change({ChangeWish::Forget, {}, {}, {}}, "1", world.sent_code());
}

bool is_going(ChangeWorld& world, TimePoint until) {
    const auto contacts = world.store.contacts("1001:ada").value();
    bool all = !contacts.empty();
    for (const Contact& each : contacts) all = all && each.gone_from == until;
    return all;
}

bool stays(ChangeWorld& world) {
    return is_going(world, TimePoint{});
}

}  // namespace

TEST_CASE("whoever forgets everything gets back in for 30 days, and then nothing is left of it") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    world.enrol_address(kSecondAddress);
    REQUIRE(forgets(world));
    CHECK(world.end.counts_from == FakeClock::kStart + days{30});
    CHECK(world.end.told == 2);
    CHECK(is_going(world, FakeClock::kStart + days{30}));
    world.days_pass(30);
    world.clock.advance(seconds{-1});
    CHECK(world.recovers_by(kAdasAddress));
    world.clock.advance(seconds{1});
    CHECK_FALSE(world.recovers_by(kAdasAddress));
    REQUIRE(world.store.prune(world.clock.now()));
    CHECK(world.store.contacts("1001:ada").value().empty());
}

TEST_CASE("every address is told that everything goes, and each of them can end it") {
    for (const std::string& address : {kAdasAddress, kSecondAddress}) {
        ChangeWorld world;
        world.enrol_address(kAdasAddress);
        world.enrol_address(kSecondAddress);
        REQUIRE(forgets(world));
        CHECK(world.notice_to(address).find("removed everything that is set up") !=
              std::string::npos);
        const std::string code = world.veto_of(address);
        REQUIRE_FALSE(code.empty());
        CHECK(world.deny_by_owner(code));
        CHECK(world.end.ends_codes);
        CHECK(stays(world));
        world.days_pass(31);
        CHECK(world.recovers_by(kAdasAddress));
    }
}

TEST_CASE("everything goes only behind one way that was proven") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    CHECK_FALSE(world.change({ChangeWish::Forget, {}, {}, {}}, "1", "00000000"));
    CHECK(stays(world));
    CHECK(world.notice_to(kAdasAddress).empty());
}

TEST_CASE("of an account that can become root everything goes on counting for 30 days as well") {
    ChangeWorld world;
    world.privileged = true;
    world.enrol_address(kAdasAddress);
    REQUIRE(forgets(world));
    CHECK(is_going(world, FakeClock::kStart + days{30}));
}

TEST_CASE("what waits when everything goes never counts, and a veto has it wait again") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    world.clock.advance(minutes{2});
    const TimePoint until = world.clock.now() + days{30};
    const TimePoint usable_from = world.store.contacts("1001:ada").value().at(1).usable_from;
    REQUIRE(forgets(world));
    CHECK(is_going(world, until));
    SECTION("never") {
        const auto contacts = world.store.contacts("1001:ada").value();
        REQUIRE(contacts.size() == 2);
        CHECK_FALSE(counts(contacts[1], until));
        CHECK_FALSE(counts(contacts[1], until - seconds{1}));
    }
    SECTION("and as it was by a veto") {
        REQUIRE(world.deny_by_owner(world.veto_of(kAdasAddress)));
        CHECK(stays(world));
        CHECK(world.store.contacts("1001:ada").value().at(1).usable_from == usable_from);
    }
}

TEST_CASE("a veto of it does not keep what was being removed before") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    world.enrol_address(kSecondAddress);
    REQUIRE(world.remove_by_owner(kSecondAddress, "1", world.sent_code()));
    TimePoint gone_from = world.end.counts_from;
    world.clock.advance(minutes{2});
    REQUIRE(forgets(world));
    SECTION("at once") {
        REQUIRE(world.deny_by_owner(world.veto_of(kAdasAddress)));
    }
    SECTION("a day after everything was made to wait a day longer") {
        const std::string code = world.veto_of(kAdasAddress);
        REQUIRE(world.deny_by_owner());
        gone_from += days{1};
        world.days_pass(1);
        REQUIRE(world.deny_by_owner(code));
    }
    SECTION("nor does it gain a day where there is no veto") {}
    const auto contacts = world.store.contacts("1001:ada").value();
    REQUIRE(contacts.size() == 2);
    CHECK(contacts[1].gone_from == gone_from);
}

TEST_CASE("whoever forgets twice does not move the end") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(forgets(world));
    const TimePoint until = world.end.counts_from;
    world.days_pass(2);
    CHECK_FALSE(forgets(world));
    CHECK(world.end.why.find("is being removed already") != std::string::npos);
    CHECK(is_going(world, until));
}

TEST_CASE("where nothing is set up there is nothing to forget") {
    ChangeWorld world;
    CHECK_FALSE(world.change({ChangeWish::Forget, {}, {}, {}}));
    CHECK(world.end.why.find("nothing is set up") != std::string::npos);
    CHECK(world.store.changes("1001:ada", {}).value().empty());
}

TEST_CASE("what nobody can open, or what no method is configured for, goes with the rest") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.store.enrol_contact(
        "1001:ada", {0, "matrix", "matrix:x", "sealed by nobody", FakeClock::kStart, {}}));
    REQUIRE(forgets(world));
    CHECK(is_going(world, world.end.counts_from));
    REQUIRE(world.deny_by_owner(world.veto_of(kAdasAddress)));
    CHECK(stays(world));
}

TEST_CASE("an app goes with the addresses, and comes back with them") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.change({ChangeWish::EnrolAuthenticator, "totp", {}, {}}, "1", world.sent_code(),
                         FakeChannels::otp_at(FakeChannels::step_at(world.clock.now()))));
    world.clock.advance(minutes{2});
    REQUIRE(forgets(world));
    auto apps = world.store.authenticators("1001:ada").value();
    REQUIRE(apps.size() == 1);
    CHECK(apps[0].gone_from == world.end.counts_from);
    REQUIRE(world.deny_by_owner(world.veto_of(kAdasAddress)));
    apps = world.store.authenticators("1001:ada").value();
    REQUIRE(apps.size() == 1);
    CHECK(apps[0].gone_from == TimePoint{});
}

TEST_CASE("that everything goes is ended as often as whoever was told says so") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    for (int i = 0; i < 3; ++i) {
        REQUIRE(forgets(world));
        CHECK(world.deny_by_owner(world.veto_of(kAdasAddress)));
        CHECK(stays(world));
        world.days_pass(2);
    }
}

}  // namespace latchkey
