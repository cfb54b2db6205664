// SPDX-License-Identifier: MIT
//
// The rule that decided: told to the audit log at the end, and on no screen.
#include "tests/support/recovery_world.hpp"

using namespace latchkey;

TEST_CASE("the rule that decided is told at the end of a recovery", "[runner][audit]") {
    RecoveryWorld world;
    world.enrol_everything();

    SECTION("nothing was refused") {
        (void)world.connect("1", world.sent_code());
        CHECK(world.decided_by.empty());
    }
    SECTION("a wrong code") {
        (void)world.connect("1", "00000000");
        CHECK(world.decided_by == "proof=wrong");
    }
    SECTION("a code that is void") {
        (void)world.connect("1", "0", "00", "000", "0000", "00000");
        CHECK(world.decided_by == "limit=wrong_per_code");
    }
    SECTION("guesses beyond an hour's") {
        world.settings.limits.wrong_per_hour = 2;
        (void)world.connect("2", "1", "2", "3");
        CHECK(world.decided_by == "limit=wrong_per_hour");
    }
    SECTION("messages beyond a minute's") {
        (void)world.connect("1", "r");
        CHECK(world.decided_by == "limit=sends_per_minute");
    }
    SECTION("starts beyond an hour's") {
        for (int i = 0; i < 10; ++i) (void)world.connect("");
        (void)world.connect("");
        CHECK(world.decided_by == "limit=starts_per_source_hour");
    }
    SECTION("an address that is nobody's") {
        world.over_ssh();
        (void)world.connect("somebody@else.example");
        CHECK(world.decided_by == "address=wrong");
    }
    SECTION("a store that fails") {
        world.store.fail_with(ErrorKind::Unavailable);
        CHECK(world.connect("1") == Outcome::Refused);
        CHECK_FALSE(world.decided_by.empty());
    }
}
