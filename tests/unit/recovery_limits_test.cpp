// SPDX-License-Identifier: MIT
//
// The limits as they are lived: over reconnects, by owners and by strangers.
#include "tests/support/recovery_world.hpp"

using namespace latchkey;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

// Starts are limited by source; these tests are about other limits.
RecoveryWorld world_of_many_starts() {
    RecoveryWorld world;
    world.settings.limits.starts_per_source_hour = 1000;
    world.settings.limits.names_per_source_hour = 1000;
    return world;
}

constexpr const char* kNewKey = "the new app's key...";

// Root gives ada another app, because the first was lost; whoever found it sees its codes.
void replace_app(RecoveryWorld& world) {
    const std::string lost = world.channels.key;
    world.channels.key = kNewKey;
    world.enrol_app();
    world.channels.key = lost;
}

}  // namespace

TEST_CASE("the fifth wrong entry kills a code, the fourth does not", "[runner][limits]") {
    RecoveryWorld world;
    world.enrol_address(kAdasAddress);
    world.settings.limits.wrong_per_hour = 100;

    SECTION("four wrong, then right") {
        CHECK(world.connect("1", "0", "0", "0", "0", world.sent_code()) == Outcome::Recovered);
    }
    SECTION("five wrong") {
        CHECK(world.connect("1", "0", "0", "0", "0", "0", world.sent_code()) == Outcome::Refused);
        CHECK(world.acts.proofs.empty());
    }
}

TEST_CASE("five wrong entries an hour, over any number of connections", "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.settings.limits.sends_per_ten_minutes = 100;
    world.settings.limits.sends_per_hour = 100;
    world.settings.limits.wrong_at_console_per_day = 10;
    world.enrol_address(kAdasAddress);
    for (int i = 0; i < 5; ++i) {
        REQUIRE(world.connect("1", "00000000") == Outcome::Refused);
        world.clock.advance(minutes{1});
    }

    // Even the right code is not looked at now.
    CHECK(world.connect("1", world.sent_code()) == Outcome::Refused);
    CHECK(world.attempts_of("1001:ada", AttemptKind::Code) == 5);

    world.clock.advance(hours{1});
    CHECK(world.connect("1", world.sent_code()) == Outcome::Recovered);
}

TEST_CASE("guesses at a code that was not sent are nobody's", "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.enrol_everything();
    REQUIRE(world.connect("1") == Outcome::Refused);

    // Within the minute: the second code is withheld.
    CHECK(world.connect("1", "0", "0", "0", "0") == Outcome::Refused);
    CHECK(world.attempts_of("1001:ada", AttemptKind::Code) == 0);
    CHECK(world.attempts_of("#1001:ada", AttemptKind::Code) == 4);
}

TEST_CASE("who has proven something is told that limits are reached", "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.enrol_everything();
    world.request.gates_needed = 2;
    REQUIRE(world.connect("1", "0", "0", "0", "0") == Outcome::Refused);
    REQUIRE(world.connect("2", "0") == Outcome::Refused);

    const std::string choice = GENERATE("1", "2");
    (void)world.connect("3", kSavedCode, choice, "0");

    REQUIRE(world.seen.size() == 5);
    CHECK(world.seen.back().kind == ScreenKind::Menu);
    CHECK(world.seen.back().remark == Remark::CodeUsedUp);
    CHECK(world.seen.back().items.size() == 1);
}

TEST_CASE("ten wrong entries a day, of codes and OTPs together", "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.settings.limits.wrong_at_console_per_day = 10;
    world.enrol_everything();
    for (int i = 0; i < 5; ++i) {
        REQUIRE(world.connect("1", "00000000", "m", "2", "000000") == Outcome::Refused);
        world.clock.advance(hours{1});
    }

    CHECK(world.connect("2", world.otp()) == Outcome::Refused);
    // Saved codes are never closed.
    CHECK(world.connect("3", kSavedCode) == Outcome::Recovered);
    world.clock.advance(hours{20});
    CHECK(world.connect("2", world.otp()) == Outcome::Recovered);
}

TEST_CASE("twenty consecutive wrong proofs close a method for a week", "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.enrol_everything();
    for (int i = 0; i < 20; ++i) {
        REQUIRE(world.connect("2", "000000") == Outcome::Refused);
        world.clock.advance(hours{6});
    }

    CHECK(world.connect("2", world.otp()) == Outcome::Refused);
    CHECK(world.connect("1", world.sent_code()) == Outcome::Recovered);
    world.clock.advance(hours{7 * 24});
    CHECK(world.connect("2", world.otp()) == Outcome::Recovered);
}

TEST_CASE("messages are limited by the minute, and a decoy's use up nobody's", "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.enrol_address(kAdasAddress);
    (void)world.connect("1");
    (void)world.connect("1");
    CHECK(world.messages(OutboxPurpose::Code).size() == 1);

    world.clock.advance(seconds{60});
    (void)world.connect("1");
    CHECK(world.messages(OutboxPurpose::Code).size() == 2);
}

TEST_CASE("messages are limited by the day", "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.enrol_address(kAdasAddress);
    for (int i = 0; i < 24 * 4; ++i) {
        (void)world.connect("1");
        world.clock.advance(minutes{15});
    }
    CHECK(world.messages(OutboxPurpose::Code).size() == 10);
}

TEST_CASE("beyond the starts of a source nothing is sent to anybody", "[runner][limits]") {
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_everything();
    for (int i = 0; i < 10; ++i) (void)world.connect("");

    (void)world.connect(kAdasAddress, "00000000");
    CHECK(world.messages(OutboxPurpose::Code).empty());
    CHECK(world.log.has("limit=starts_of_source"));

    world.over_ssh("192.0.2.8");
    (void)world.connect(kAdasAddress, "00000000");
    CHECK(world.messages(OutboxPurpose::Code).size() == 1);
}

TEST_CASE("a source that tries many names is served no sixth one", "[runner][limits]") {
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_everything();
    for (int i = 0; i < 5; ++i) {
        world.request.subject = "100" + std::to_string(i + 2) + ":other";
        (void)world.connect("");
    }
    world.request.subject = "1001:ada";

    (void)world.connect(kAdasAddress, "00000000");
    CHECK(world.messages(OutboxPurpose::Code).empty());
}

TEST_CASE("wrong addresses slow down their source and not the account", "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.over_ssh();
    world.enrol_everything();
    for (int i = 0; i < 20; ++i) (void)world.connect("eve@example.org", "00000000");

    (void)world.connect(kAdasAddress, "00000000");
    CHECK(world.messages(OutboxPurpose::Code).empty());
    CHECK(world.kinds() == std::vector{ScreenKind::AddressOrSavedCode, ScreenKind::RemoteCode,
                                       ScreenKind::RemoteCode});

    world.over_ssh("192.0.2.8");
    CHECK(world.connect(kAdasAddress, world.sent_code(), "1", world.otp()) == Outcome::Recovered);
}

TEST_CASE("who knows only the name cannot keep the owner out for a day of a week",
          "[runner][limits]") {
    RecoveryWorld world;
    world.enrol_everything();
    for (int day = 0; day < 7; ++day) {
        for (int i = 0; i < 100; ++i) {
            world.over_ssh("198.51.100." + std::to_string(i));
            (void)world.connect("eve@example.org", "00000000", "00000000", "00000000", "00000000",
                                "00000000");
            (void)world.connect("AAAA-AAAA-AAAA-AAAA", "x", "x", "00000000");
            (void)world.reconnect("BBBB-BBBB");
        }
        world.over_ssh();
        CHECK(world.connect(kAdasAddress, world.sent_code(), "1", world.otp()) ==
              Outcome::Recovered);
        world.acts.saved_codes.insert("ABCDEFGHJKLMNPQR");
        world.clock.advance(seconds{90});
        CHECK(world.connect(kSavedCode, "2", world.otp()) == Outcome::Recovered);
        world.clock.advance(hours{24});
    }
}

TEST_CASE("very many wrong proofs on a host raise an alarm and ask for one more gate",
          "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.enrol_everything();
    world.settings.limits.host_alarm_per_day = 3;
    REQUIRE(world.connect("2", "000000", "000000", "") == Outcome::Refused);
    CHECK_FALSE(world.log.has_alarm());
    REQUIRE(world.connect("2", "000000") == Outcome::Refused);

    CHECK(world.connect("1", world.sent_code(), "1", world.otp()) == Outcome::Recovered);
    CHECK(world.log.has("many wrong proofs on this host"));
    CHECK(world.log.has_alarm());
    CHECK(world.acts.proofs.size() == 2);
}

TEST_CASE("each alarm is raised once a day, however many give cause for it", "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.enrol_everything();
    world.settings.limits.host_alarm_per_day = 3;
    world.settings.limits.saved_code_alarm = 3;
    const auto alarms = [&](std::string_view about) { return world.log.count(about); };
    for (std::size_t day = 1; day <= 3; ++day) {
        for (int i = 0; i < 20; ++i) {
            (void)world.connect("3", "AAAA-AAAA-AAAA-AAAA");
            world.clock.advance(seconds{2});
        }
        CHECK(alarms("many wrong saved codes") == day);
        CHECK(alarms("many wrong proofs on this host") == day);
        world.clock.advance(hours{24});
    }
    SECTION("and about each account and this host apart") {
        world.be_nobody();
        world.settings.limits.host_alarm_per_day = 1000;
        for (int i = 0; i < 200; ++i) {
            world.over_ssh();
            (void)world.connect("AAAA-AAAA-AAAA-AAAA", "");
            world.clock.advance(seconds{2});
        }
        CHECK(alarms("many wrong saved codes") == 4);
    }
}

TEST_CASE("a flood of wrong proofs shuts out nobody who has as many ways as are asked for",
          "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.enrol_address(kAdasAddress);
    world.settings.limits.host_alarm_per_day = 1;
    world.settings.limits.wrong_per_hour = 100;
    REQUIRE(world.connect("1", "00000000") == Outcome::Refused);
    world.clock.advance(minutes{2});

    CHECK(world.connect("1", world.sent_code()) == Outcome::Recovered);
    CHECK(world.log.has_alarm());
}

TEST_CASE("beyond the starts of a source a recovery with a saved code is announced all the same",
          "[runner][limits]") {
    RecoveryWorld world;
    world.enrol_everything();
    for (std::uint32_t i = 0; i < world.settings.limits.starts_per_source_hour; ++i)
        REQUIRE(world.connect("") == Outcome::Back);
    REQUIRE(world.messages(OutboxPurpose::Notice).empty());

    REQUIRE(world.connect("3", kSavedCode) == Outcome::Recovered);
    CHECK(world.messages(OutboxPurpose::Notice).size() == 1);
}

TEST_CASE("saved codes are guessed once in two seconds and never closed", "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.give_saved_codes();
    world.settings.limits.saved_code_alarm = 20;

    SECTION("a guess too early is not compared") {
        CHECK(world.connect("1", "AAAA-AAAA-AAAA-AAAA", kSavedCode,
                            world.after(seconds{2}, kSavedCode)) == Outcome::Recovered);
        CHECK(world.acts.compared == 2);
    }
    SECTION("many wrong ones raise an alarm, and a right one is right") {
        for (int i = 0; i < 100; ++i) {
            (void)world.connect("1", "AAAA-AAAA-AAAA-AAAA");
            CHECK(world.log.has_alarm() == (i >= 19));
            world.clock.advance(seconds{2});
        }
        CHECK(world.log.count("many wrong saved codes") == 1);
        CHECK(world.connect("1", kSavedCode, "2", kOtherSavedCode) == Outcome::Recovered);
    }
}

TEST_CASE("a method that does not work is told, whoever asks", "[runner][limits]") {
    RecoveryWorld world;
    world.enrol_everything();
    world.channels.failure = ErrorKind::Unavailable;

    CHECK(world.connect("2", world.otp(), "3", kSavedCode) == Outcome::Recovered);
    CHECK(world.seen[2].kind == ScreenKind::Menu);
    CHECK(world.seen[2].remark == Remark::MethodNotWorking);
    CHECK(world.log.has("cannot check an OTP"));
}

TEST_CASE("an OTP that nobody judged is no guess", "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.enrol_everything();
    world.channels.failure = ErrorKind::Unavailable;
    for (int i = 0; i < 20; ++i) {
        (void)world.connect("2", world.otp());
        world.clock.advance(seconds{10});
    }
    CHECK(world.channels.asked.size() == 20);
    CHECK(world.attempts_of("1001:ada", AttemptKind::Otp) == 0);

    world.channels.failure.reset();
    const std::string way = GENERATE("1", "2");
    CHECK(world.connect(way, way == "1" ? world.sent_code() : world.otp()) == Outcome::Recovered);
}

TEST_CASE("an OTP is counted before a plugin sees it", "[runner][limits]") {
    RecoveryWorld world;
    world.enrol_everything();
    std::size_t counted = 0;
    world.channels.while_asked = [&] {
        counted = world.attempts_of("1001:ada", AttemptKind::Otp);
        world.store.fail_with(ErrorKind::Unavailable);  // as if we were killed now
    };
    const bool has_verdict = GENERATE(false, true);
    if (!has_verdict) world.channels.failure = ErrorKind::Unavailable;

    CHECK(world.connect("2", "000000") == Outcome::Refused);
    CHECK(counted == 1);
    CHECK(world.attempts_of("1001:ada", AttemptKind::Otp) == 1);
}

TEST_CASE("a key that is replaced while a recovery is open proves nothing in it any more",
          "[runner][limits]") {
    RecoveryWorld world;
    world.enrol_everything();
    const auto replaced = [&](const Screen&) {
        replace_app(world);
        return FakeChannels::otp_at(FakeChannels::step_at(world.clock.now()));
    };
    CHECK(world.connect("2", replaced) != Outcome::Recovered);
    CHECK(world.seen.back().remark == Remark::CodeWrong);
    CHECK(world.acts.performed.empty());
    world.channels.key = kNewKey;
    CHECK(world.connect("2", world.otp()) == Outcome::Recovered);
}

TEST_CASE("a key that is replaced while a plugin is asked proves nothing", "[runner][limits]") {
    RecoveryWorld world;
    world.enrol_everything();
    world.channels.while_asked = [&] { replace_app(world); };
    CHECK(world.connect("2", world.otp()) != Outcome::Recovered);
    CHECK(world.acts.performed.empty());
    CHECK(world.attempts_of("1001:ada", AttemptKind::Otp) == 1);
}

TEST_CASE("a clock that is set back gives back no guess and nothing that was used",
          "[runner][limits]") {
    RecoveryWorld world = world_of_many_starts();
    world.enrol_everything();
    world.clock.advance(hours{48});  // back then her address is usable, too
    SECTION("no guess") {
        REQUIRE(world.connect("2", "1", "2", "3", "4", "5") == Outcome::Refused);
        world.clock.advance(-hours{30});
        CHECK(world.connect("2", world.otp()) == Outcome::Refused);
        CHECK(world.decided_by == "limit=wrong_per_hour");
    }
    SECTION("no OTP that was used, though its time has come again") {
        const std::string otp = FakeChannels::otp_at(FakeChannels::step_at(world.clock.now()));
        REQUIRE(world.connect("2", otp) == Outcome::Recovered);
        world.clock.advance(-seconds{30});
        CHECK(world.connect("2", otp) == Outcome::Refused);
    }
}
