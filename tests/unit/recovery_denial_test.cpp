// SPDX-License-Identifier: MIT
//
// Who knows only names shuts nobody out, under the settings that are shipped.
#include "tests/support/strangers.hpp"

using namespace latchkey;

TEST_CASE("strangers who know only names keep the owner out on no day of a week",
          "[runner][denial]") {
    RecoveryWorld world;
    world.enrol_everything();
    std::size_t posted = 0;
    const auto post = [&] {
        const std::size_t all = world.messages(OutboxPurpose::Code).size() +
                                world.messages(OutboxPurpose::Notice).size();
        return all - std::exchange(posted, all);
    };

    live_through_a_week(world, rounds(150, 1000), world.sent_code(), post, "in memory");
}

TEST_CASE("guesses that cannot be right ask nobody for one more gate", "[runner][denial]") {
    RecoveryWorld world;
    world.enrol_everything();
    for (int i = 0; i < 400; ++i)
        stranger_calls(world, "198.51." + std::to_string(i / 200) + "." + std::to_string(i % 200));
    world.over_ssh();

    CHECK(world.connect(kAdasAddress, world.sent_code(), "1", world.otp()) == Outcome::Recovered);
    CHECK(world.log.has_alarm());
}

namespace {

// As many wrong entries as anybody is granted, of every method that shows itself there.
void guess_at_console(RecoveryWorld& world) {
    world.at_console();
    (void)world.connect("1", "00000000", "00000000", "00000000", "00000000", "00000000", "");
    (void)world.connect("2", "000000", "000000", "000000", "000000", "000000", "");
}
void guess_over_ssh(RecoveryWorld& world) {
    world.over_ssh("198.51.100.7");
    (void)world.connect(kAdasAddress, "00000000", "00000000", "00000000", "00000000", "00000000",
                        "");
}

}  // namespace

TEST_CASE("wrong entries at a console keep the owner out of nothing over ssh, and the reverse",
          "[runner][denial]") {
    RecoveryWorld world;
    world.enrol_everything();
    const bool is_stranger_at_console = GENERATE(true, false);
    for (int day = 0; day < 10; ++day) {
        for (int i = 0; i < 3; ++i) {
            if (is_stranger_at_console)
                guess_at_console(world);
            else
                guess_over_ssh(world);
            world.clock.advance(std::chrono::hours{2});
        }
        if (is_stranger_at_console) {
            world.over_ssh();
            CHECK(world.connect(kAdasAddress, world.sent_code(), "1", world.otp()) ==
                  Outcome::Recovered);
        } else {
            world.at_console();
            CHECK(world.connect("1", world.sent_code()) == Outcome::Recovered);
            CHECK(world.connect("2", world.otp()) == Outcome::Recovered);
        }
        world.clock.advance(std::chrono::hours{18});
    }
    // The stranger was stopped: of both methods together, not only one by one.
    if (is_stranger_at_console)
        CHECK(world.attempts_of("1001:ada", AttemptKind::Code) +
                  world.attempts_of("1001:ada", AttemptKind::Otp) <=
              10 * 5 + 20);
}

TEST_CASE("five wrong entries a day at consoles, of codes and OTPs together", "[runner][denial]") {
    RecoveryWorld world;
    world.enrol_everything();
    world.settings.limits.wrong_per_hour = 100;
    for (int i = 0; i < 4; ++i) (void)world.connect("2", "000000");
    REQUIRE(world.connect("1", "00000000") == Outcome::Refused);
    world.clock.advance(std::chrono::hours{2});

    CHECK(world.connect("2", world.otp()) == Outcome::Refused);
    CHECK(world.decided_by == "limit=wrong_at_console_per_day");
    CHECK(world.connect("3", kSavedCode) == Outcome::Recovered);
    world.clock.advance(std::chrono::hours{22});
    CHECK(world.connect("2", world.otp()) == Outcome::Recovered);
}
