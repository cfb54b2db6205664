// SPDX-License-Identifier: MIT
//
// Recoveries that are cut off and taken up again.
#include "tests/support/recovery_world.hpp"

using namespace latchkey;

namespace {

// Ada has proven her e-mail address over ssh, and was cut off at the menu.
struct CutOff : RecoveryWorld {
    CutOff() {
        over_ssh();
        enrol_everything();
        REQUIRE(connect(kAdasAddress, sent_code()) == Outcome::Refused);
        resume_code = shown_resume_code();
        REQUIRE(resume_code.size() == 9);
    }
    std::string resume_code;
};

}  // namespace

TEST_CASE("a recovery is resumed from the same source and keeps its gates", "[runner][resume]") {
    CutOff world;

    CHECK(world.reconnect(world.resume_code, "1", world.otp()) == Outcome::Recovered);
    CHECK(world.seen[0].kind == ScreenKind::Menu);
    CHECK(world.acts.performed.size() == 1);
}

TEST_CASE("a resume code may be typed in any common way", "[runner][resume]") {
    CutOff world;
    std::string typed = world.resume_code;
    typed.erase(4, 1);
    for (char& letter : typed) letter = static_cast<char>(letter | 0x20);

    CHECK(world.reconnect(' ' + typed, "1", world.otp()) == Outcome::Recovered);
}

TEST_CASE("a resume code works once and is replaced at each use", "[runner][resume]") {
    CutOff world;
    REQUIRE(world.reconnect(world.resume_code) == Outcome::Refused);
    REQUIRE(world.seen.size() == 1);

    const std::string next = world.shown_resume_code();
    CHECK(next != world.resume_code);

    CHECK(world.reconnect(world.resume_code, "1", world.otp()) == Outcome::ResumeUnknown);
    CHECK(world.seen.empty());
    CHECK(world.reconnect(next, "1", world.otp()) == Outcome::Recovered);
}

TEST_CASE("a resume code works nowhere else", "[runner][resume]") {
    CutOff world;
    SECTION("not from another source") {
        world.over_ssh("192.0.2.8");
    }
    SECTION("not through another service") {
        world.request.service = "cockpit";
    }
    SECTION("not for another account") {
        world.request.subject = "1002:bob";
    }
    SECTION("not after the recovery has expired") {
        world.clock.advance(world.settings.recovery_lifetime);
    }

    CHECK(world.reconnect(world.resume_code, "1", world.otp()) == Outcome::ResumeUnknown);
    CHECK(world.acts.performed.empty());
}

TEST_CASE("nothing is resumed while another connection holds the recovery", "[runner][resume]") {
    CutOff world;
    Outcome second = Outcome::Refused;
    const auto meanwhile = [&](const Screen& screen) {
        // The first connection stands at this menu, with its new resume code on the screen.
        RecoveryRequest& request = world.request;
        request.resume_code = screen.resume_code;
        request.lease = "the second connection";
        ScriptedConversation conversation{world.acts};
        conversation.answers("1").answers(world.otp());
        second = run_recovery(request, world.settings,
                              {world.store, world.vault, world.channels, conversation, world.acts,
                               world.clock, world.log})
                     .outcome;
        return std::string{};
    };
    world.settings.gates.remote = 3;
    world.request.gates_needed = 3;

    (void)world.reconnect(world.resume_code, "1", world.otp(), meanwhile);

    CHECK(second == Outcome::ResumeUnknown);
    CHECK(world.acts.performed.empty());
}

TEST_CASE("a connection that fell silent and was taken over does nothing more",
          "[runner][resume]") {
    CutOff world;
    Outcome second = Outcome::Refused;
    const auto silence = [&](const Screen& screen) {
        world.clock.advance(std::chrono::seconds{59});
        RecoveryRequest& request = world.request;
        const std::string first_lease = request.lease;
        request.resume_code = screen.resume_code;
        request.lease = "the second connection";
        const auto try_it = [&] {
            ScriptedConversation conversation{world.acts};
            second = run_recovery(request, world.settings,
                                  {world.store, world.vault, world.channels, conversation,
                                   world.acts, world.clock, world.log})
                         .outcome;
        };
        try_it();
        CHECK(second == Outcome::ResumeUnknown);
        world.clock.advance(std::chrono::seconds{1});
        try_it();
        CHECK(second == Outcome::Refused);  // it held the recovery, and its claimant left
        request.lease = first_lease;
        return std::string{"1"};
    };

    CHECK(world.reconnect(world.resume_code, silence, world.otp()) == Outcome::Refused);
    CHECK(world.log.has("keep recovery"));
    CHECK(world.acts.performed.empty());
}

TEST_CASE("a grant that was spent does not come back with a resume code", "[runner][resume]") {
    CutOff world;
    // The last gate opens, and the connection breaks before the password is set.
    world.acts.before_act = [&] { world.acts.failure = ErrorKind::Unavailable; };
    world.acts.results = {ActResult::Failed};
    REQUIRE(world.reconnect(world.resume_code, "1", world.otp()) == Outcome::Refused);
    const std::string resume_code = world.shown_resume_code();
    REQUIRE_FALSE(resume_code.empty());
    world.acts = FakeActs{};

    CHECK(world.reconnect(resume_code, "1", world.otp()) == Outcome::ResumeUnknown);
    CHECK(world.acts.performed.empty());
}

TEST_CASE("the number of gates a recovery began with stands when it is resumed",
          "[runner][resume]") {
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_everything();
    world.request.gates_needed = 3;
    REQUIRE(world.connect(kSavedCode, "1", world.sent_code()) == Outcome::Refused);
    const std::string resume_code = world.seen.back().resume_code;
    world.request.gates_needed = 2;

    CHECK(world.reconnect(resume_code, "1", world.otp()) == Outcome::Recovered);
    CHECK(world.acts.proofs == std::vector<std::string>{"saved", "email:example.org", "app"});
}

TEST_CASE("no password is set in a connection in which no gate was proven", "[runner][resume]") {
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_everything();
    // Both gates open, and the connection breaks before the root side hears of it.
    const auto otp_and_break = [&](const Screen&) {
        world.acts.dies_after_spending = true;
        return FakeChannels::otp_at(FakeChannels::step_at(world.clock.now()));
    };
    REQUIRE(world.connect(kSavedCode, "2", otp_and_break) == Outcome::Refused);
    const std::string resume_code = world.shown_resume_code();
    world.acts.failure.reset();
    world.acts.dies_after_spending = false;
    world.clock.advance(std::chrono::seconds{30});

    SECTION("so nothing happens without a proof") {
        CHECK(world.reconnect(resume_code) == Outcome::Refused);
        CHECK(world.acts.performed.empty());
    }
    SECTION("so one of them is proven again") {
        CHECK(world.reconnect(resume_code, "1", world.otp()) == Outcome::Recovered);
        REQUIRE(world.seen[0].items.size() == 2);
        CHECK(world.seen[0].items[0].method == "totp");
        CHECK(world.seen[0].items[1].method == "saved");
    }
}

TEST_CASE("a code sent before the cut stays good after it", "[runner][resume]") {
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_everything();
    REQUIRE(world.connect(kSavedCode, "1") == Outcome::Refused);
    REQUIRE(world.messages(OutboxPurpose::Code).size() == 1);
    const std::string resume_code = world.shown_resume_code();
    world.clock.advance(std::chrono::seconds{130});

    SECTION("and choosing its method asks for it") {
        CHECK(world.reconnect(resume_code, "1", world.sent_code()) == Outcome::Recovered);
        CHECK(world.messages(OutboxPurpose::Code).size() == 1);
    }
    SECTION("until another one is asked for") {
        CHECK(world.reconnect(resume_code, "1", "r", world.sent_code()) == Outcome::Recovered);
        CHECK(world.messages(OutboxPurpose::Code).size() == 2);
    }
}

TEST_CASE("an account that can become root proves both gates in one connection",
          "[runner][resume]") {
    RecoveryWorld world;
    world.over_ssh();
    world.request.privileged = true;
    world.enrol_everything();
    REQUIRE(world.connect(kSavedCode) == Outcome::Refused);

    CHECK(world.reconnect(world.shown_resume_code(), "1", world.sent_code()) == Outcome::Refused);
    CHECK(world.acts.performed.empty());

    world.clock.advance(std::chrono::seconds{2});
    CHECK(world.reconnect(world.shown_resume_code(), "3", kOtherSavedCode, "2", world.otp()) ==
          Outcome::Recovered);
}

TEST_CASE("wrong resume codes are the source's alone", "[runner][resume]") {
    CutOff world;
    for (int i = 0; i < 30; ++i) REQUIRE(world.reconnect("BBBB-BBBB") == Outcome::ResumeUnknown);

    // The source is used up, for this hour; the owner's own limits are not.
    CHECK(world.reconnect(world.resume_code, "1", world.otp()) == Outcome::ResumeUnknown);
    CHECK(world.attempts_of("1001:ada", AttemptKind::Resume) == 10);
    CHECK(world.connect(kSavedCode, "2", world.otp()) == Outcome::Recovered);
}

TEST_CASE("junk is no resume code", "[runner][resume]") {
    CutOff world;
    const std::string junk = GENERATE(
        std::string{"x"}, std::string(100'000, 'B'), std::string{"BCDF\0GHJK", 9},
        std::string{"\b\n\r\177INCORRECT"}, std::string{"' OR 1=1 --"}, std::string{"%n%n%n%n"});

    CHECK(world.reconnect(junk, "1", world.otp()) == Outcome::ResumeUnknown);
}
