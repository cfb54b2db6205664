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
