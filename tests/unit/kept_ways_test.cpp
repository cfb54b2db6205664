// SPDX-License-Identifier: MIT
//
// Where all ways back in are being replaced, the use of one of them keeps them.
#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/change_world.hpp"

namespace latchkey {

using std::chrono::days;
using std::chrono::minutes;

namespace {

// Somebody has brought in an address and is taking ada's away: everything waits for 30 days.
struct Replaced {
    ChangeWorld world;

    explicit Replaced(bool another_stays = false) {
        world.vault.is_scattered = true;
        world.enrol_address(kAdasAddress);
        if (another_stays) world.enrol_address("ada@example.com");
        REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
        world.clock.advance(minutes{2});
        REQUIRE(world.remove_by_owner(kAdasAddress, "1", world.sent_code()));
        world.clock.advance(minutes{2});
    }
    [[nodiscard]] std::vector<Contact> rows() { return world.store.contacts("1001:ada").value(); }
    [[nodiscard]] bool is_kept() {
        const auto all = rows();
        const bool waits = std::any_of(all.begin(), all.end(), [&](const Contact& each) {
            return each.usable_from > world.clock.now();
        });
        return !waits && all.front().gone_from == TimePoint{};
    }
};

}  // namespace

TEST_CASE("a recovery by a way of before keeps it, and ends what was to take its place") {
    Replaced host;
    host.world.days_pass(20);  // longer than what is new waits usually
    REQUIRE(host.world.connect("1", host.world.sent_code()) == Outcome::Recovered);
    CHECK(host.world.by_own_way);
    CHECK(host.rows().size() == 1);
    CHECK(host.is_kept());
    CHECK(host.world.store.audit("1001:ada", 2).value().at(1).event == "kept");
    CHECK(host.world.notice_to(kAdasAddress).find("so they stay") != std::string::npos);
    CHECK(host.world.notice_to(kNewAddress).find("so they stay") != std::string::npos);
    host.world.days_pass(31);
    CHECK(host.world.recovers_by(kAdasAddress));
}

TEST_CASE("so does the proof before a change, which is made") {
    Replaced host;
    REQUIRE(host.world.enrol_by_owner("third@example.net", "1", host.world.sent_code(),
                                      host.world.sent_code()));
    CHECK(host.rows().front().gone_from == TimePoint{});
    CHECK(host.rows().size() == 2);
    CHECK(host.world.end.counts_from == host.world.clock.now() + days{7});
}

TEST_CASE("so does a saved code, and the saved codes that wait are dropped") {
    ChangeWorld world;
    world.vault.is_scattered = true;
    world.enrol_address(kAdasAddress);
    world.give_saved_codes();
    REQUIRE(world.change({ChangeWish::NewSavedCodes, {}, {}, {}}, "1", world.sent_code()));
    world.clock.advance(minutes{2});
    REQUIRE(world.remove_by_owner(kAdasAddress, "1", world.sent_code()));
    REQUIRE(world.connect("2", kSavedCode) == Outcome::Recovered);
    CHECK(world.store.contacts("1001:ada").value().at(0).gone_from == TimePoint{});
    CHECK(world.acts.waiting_codes_ended == 1);
}

TEST_CASE("a temporary pass keeps nothing: root issued it") {
    Replaced host;
    host.world.give_pass();
    REQUIRE(host.world.connect("2", kPass) == Outcome::Recovered);
    CHECK_FALSE(host.world.by_own_way);
    CHECK_FALSE(host.is_kept());
}

TEST_CASE("where another way stays, a removal goes on whoever recovers") {
    Replaced host{true};
    REQUIRE(host.world.connect("1", host.world.sent_code()) == Outcome::Recovered);
    CHECK_FALSE(host.is_kept());
    CHECK(host.rows().size() == 3);
}

TEST_CASE("an attempt that proves nothing keeps nothing") {
    Replaced host;
    CHECK(host.world.connect("1", "00000000") == Outcome::Refused);
    CHECK_FALSE(host.is_kept());
}

TEST_CASE("an app that was going stays as well, and one that waits goes") {
    ChangeWorld world;
    world.vault.is_scattered = true;
    world.enrol_app();
    const std::string present = world.store.authenticators("1001:ada").value().at(0).sealed_key;
    REQUIRE(world.change({ChangeWish::Remove, "totp", {}, {}}, "1", world.otp()));
    world.clock.advance(minutes{2});
    REQUIRE(world.store.authenticators("1001:ada").value().at(0).gone_from != TimePoint{});
    REQUIRE(world.connect("1", world.otp()) == Outcome::Recovered);
    const auto apps = world.store.authenticators("1001:ada").value();
    REQUIRE(apps.size() == 1);
    CHECK(apps[0].gone_from == TimePoint{});
    CHECK(apps[0].last_step > 0);
}

TEST_CASE(
    "a new app in the place of the only way waits for 30 days, and the old one's use ends it") {
    ChangeWorld world;
    world.vault.is_scattered = true;
    world.enrol_app();
    const std::string present = world.store.authenticators("1001:ada").value().at(0).sealed_key;
    const auto apps = [&world] { return world.store.authenticators("1001:ada").value(); };
    REQUIRE(world.change({ChangeWish::EnrolAuthenticator, "totp", {}, {}}, "1", world.otp(),
                         world.otp()));
    CHECK(world.end.counts_from == world.clock.now() + days{30});
    REQUIRE(apps().size() == 2);
    SECTION("it is used in a recovery") {
        world.days_pass(29);
        REQUIRE(world.connect("1", world.otp()) == Outcome::Recovered);
        REQUIRE(apps().size() == 1);
        CHECK(apps()[0].usable_from <= world.clock.now());
        CHECK(world.store.audit("1001:ada", 2).value().at(1).event == "kept");
        world.days_pass(31);
        REQUIRE(apps().size() == 1);
    }
    SECTION("it is proven before another change, which its owner makes") {
        world.clock.advance(minutes{2});
        REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.otp(), world.sent_code()));
        CHECK(apps().size() == 2);
    }
    SECTION("it is not used") {
        world.days_pass(30);
        CHECK(counts(apps().back(), world.clock.now()));
    }
}

TEST_CASE("beside an address that counts a new app waits as usual, and is not ended by its use") {
    ChangeWorld world;
    world.vault.is_scattered = true;
    world.enrol_address(kAdasAddress);
    world.enrol_app();
    REQUIRE(world.change({ChangeWish::EnrolAuthenticator, "totp", {}, {}}, "1", world.sent_code(),
                         world.otp()));
    CHECK(world.end.counts_from == world.clock.now() + days{7});
    world.clock.advance(minutes{2});
    REQUIRE(world.connect("1", world.sent_code()) == Outcome::Recovered);
    CHECK(world.store.authenticators("1001:ada").value().size() == 2);
}

TEST_CASE("a removal that was moved since is not the one that left nothing") {
    ChangeWorld world;
    world.vault.is_scattered = true;
    world.enrol_address(kAdasAddress);
    world.enrol_address("thief@example.net");
    REQUIRE(world.remove_by_owner("thief@example.net", "1", world.sent_code()));
    const TimePoint gone_from = world.end.counts_from;
    world.clock.advance(minutes{2});
    // Everything is to go, and that is ended: nothing of the removal before is moved by it.
    REQUIRE(world.change({ChangeWish::Forget, {}, {}, {}}, "1", world.sent_code()));
    REQUIRE(world.deny_by_owner(world.veto_of(kAdasAddress)));
    world.days_pass(2);
    REQUIRE(world.remove_by_owner(kAdasAddress, "1", world.sent_code()));
    world.clock.advance(minutes{2});
    REQUIRE(world.connect("1", world.sent_code()) == Outcome::Recovered);
    const auto rows = world.store.contacts("1001:ada").value();
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].gone_from == TimePoint{});
    CHECK(rows[1].gone_from == gone_from);
}

TEST_CASE("who has everything go and uses an old way meanwhile keeps nothing by it") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.change({ChangeWish::Forget, {}, {}, {}}, "1", world.sent_code()));
    const TimePoint until = world.end.counts_from;
    world.clock.advance(minutes{2});
    REQUIRE(world.connect("1", world.sent_code()) == Outcome::Recovered);
    CHECK(world.store.contacts("1001:ada").value().at(0).gone_from == until);
}

}  // namespace latchkey
