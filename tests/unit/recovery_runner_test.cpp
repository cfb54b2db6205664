// SPDX-License-Identifier: MIT
//
// Whole recoveries, as their owners live through them.
#include "core/recovery_runner.hpp"

#include "tests/support/recovery_world.hpp"

using namespace latchkey;
using Kinds = std::vector<ScreenKind>;

TEST_CASE("an e-mailed code replaces a forgotten password at a console", "[runner]") {
    RecoveryWorld world;
    world.enrol_address(kAdasAddress);

    const Outcome outcome = world.connect("1", world.sent_code());

    CHECK(outcome == Outcome::Recovered);
    CHECK(world.kinds() == Kinds{ScreenKind::Menu, ScreenKind::Code});
    CHECK(world.acts.proofs == std::vector<std::string>{"email:example.org"});
    CHECK(world.acts.performed == std::vector{Act::ChangePassword});
    REQUIRE(world.messages(OutboxPurpose::Code).size() == 1);
    CHECK(world.messages(OutboxPurpose::Code)[0].to == kAdasAddress);
}

TEST_CASE("the menu masks the address and the message names the place", "[runner]") {
    RecoveryWorld world;
    world.enrol_address(kAdasAddress);

    (void)world.connect("1", "");

    CHECK(world.seen[0].items[0].masked_destination == "a...a at e....org");
    const auto messages = world.messages(OutboxPurpose::Code);
    const std::string text{messages.at(0).text.reveal()};
    CHECK(text.find("console tty1") != std::string::npos);
    CHECK(text.find("service login") != std::string::npos);
}

TEST_CASE("notice, grant and audit record are on disk before the act", "[runner]") {
    RecoveryWorld world;
    world.enrol_address(kAdasAddress);
    world.enrol_address("ada@example.net");
    world.enrol_address("new@example.com", world.clock.now() + std::chrono::hours{1});
    std::size_t notices_before_act = 0;
    std::size_t records_before_act = 0;
    world.acts.before_act = [&] {
        notices_before_act = world.messages(OutboxPurpose::Notice).size();
        records_before_act = world.store.audit("1001:ada", 10)->size();
    };

    CHECK(world.connect("1", world.sent_code()) == Outcome::Recovered);

    CHECK(notices_before_act == 3);
    CHECK(records_before_act == 1);
    const auto records = world.store.audit("1001:ada", 10);
    REQUIRE(records->size() == 2);
    CHECK(records->at(0).event == "acted");
    CHECK(records->at(0).detail.find("result=done") != std::string::npos);
    CHECK(records->at(1).event == "granted");
    for (const OutboxMessage& notice : world.messages(OutboxPurpose::Notice))
        CHECK(notice.text.reveal().find("code: ") == std::string_view::npos);
}

TEST_CASE("the notice on disk before the act lists what the root side has seen", "[runner]") {
    RecoveryWorld world;
    world.enrol_address(kAdasAddress);
    world.acts.changed = {true, true, false};
    std::string before_act;
    world.acts.before_act = [&] {
        before_act = world.messages(OutboxPurpose::Notice).at(0).text.reveal();
    };
    CHECK(world.connect("1", "00000000") == Outcome::Refused);
    CHECK(world.acts.looked == 0);
    world.clock.advance(std::chrono::minutes{2});
    world.acts.results = {ActResult::RefusedByPolicy, ActResult::Done};
    CHECK(world.connect("1", world.sent_code()) != Outcome::Back);
    CHECK(world.acts.looked == 1);
    CHECK(before_act.find("\n  authorized_keys") != before_act.npos);
    CHECK(before_act.find("\n  the crontab") != before_act.npos);
    CHECK(before_act.find("\n  contacts") == before_act.npos);
}

TEST_CASE("a root side that does not answer keeps no notice back", "[runner]") {
    RecoveryWorld world;
    world.enrol_address(kAdasAddress);
    // It hears the proof, and is gone.
    world.acts.dies_after_proof = true;
    CHECK(world.connect("1", world.sent_code()) == Outcome::Refused);
    REQUIRE(world.messages(OutboxPurpose::Notice).size() == 1);
    CHECK(world.acts.performed.empty());
}

TEST_CASE("an app proves at a console", "[runner]") {
    RecoveryWorld world;
    world.enrol_app();

    CHECK(world.connect("1", world.otp()) == Outcome::Recovered);
    CHECK(world.acts.proofs == std::vector<std::string>{"app"});
    CHECK(world.channels.asked == std::vector<std::string>{"totp"});
    CHECK(world.store.outbox().empty());
}

TEST_CASE("an OTP that was accepted is worth nothing again", "[runner]") {
    RecoveryWorld world;
    world.enrol_app();
    REQUIRE(world.connect("1", world.otp()) == Outcome::Recovered);

    CHECK(world.connect("1", world.otp()) == Outcome::Refused);
    CHECK(world.acts.performed.size() == 1);

    world.clock.advance(std::chrono::seconds{30});
    CHECK(world.connect("1", world.otp()) == Outcome::Recovered);
}

TEST_CASE("a saved code proves at a console, and only once", "[runner]") {
    RecoveryWorld world;
    world.give_saved_codes();

    CHECK(world.connect("1", kSavedCode) == Outcome::Recovered);
    world.clock.advance(std::chrono::seconds{2});
    CHECK(world.connect("1", kSavedCode) == Outcome::Refused);
    world.clock.advance(std::chrono::seconds{2});
    CHECK(world.connect("1", kOtherSavedCode) == Outcome::Recovered);
}

TEST_CASE("two gates are needed over ssh", "[runner]") {
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_everything();

    const Outcome outcome =
        world.connect("  ADA@Example.ORG ", world.sent_code(), "1", world.otp());

    CHECK(outcome == Outcome::Recovered);
    CHECK(world.kinds() == Kinds{ScreenKind::AddressOrSavedCode, ScreenKind::RemoteCode,
                                 ScreenKind::Menu, ScreenKind::OtpCode});
    CHECK(world.acts.proofs == std::vector<std::string>{"email:example.org", "app"});
}

TEST_CASE("over ssh a saved code may come first", "[runner]") {
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_everything();

    CHECK(world.connect(kSavedCode, "1", world.sent_code()) == Outcome::Recovered);
    CHECK(world.kinds() ==
          Kinds{ScreenKind::AddressOrSavedCode, ScreenKind::Menu, ScreenKind::Code});
}

TEST_CASE("over ssh no OTP opens the first gate", "[runner]") {
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_everything();

    CHECK(world.connect(world.otp(), world.otp()) == Outcome::Refused);
    CHECK(world.channels.asked.empty());
    CHECK(world.acts.proofs.empty());
}

TEST_CASE("one gate over ssh changes nothing", "[runner]") {
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_address(kAdasAddress);

    CHECK(world.connect(kAdasAddress, world.sent_code(), "") == Outcome::WhomToAsk);
    CHECK(world.seen.back().remark == Remark::TooFewWays);
    CHECK(world.acts.performed.empty());
}

TEST_CASE("an account that can become root needs its saved code", "[runner]") {
    RecoveryWorld world;
    world.request.privileged = true;
    world.request.gates_needed = 2;
    world.enrol_everything();

    SECTION("which the menu then offers alone") {
        CHECK(world.connect("1", world.sent_code(), "1", kSavedCode) == Outcome::Recovered);
        REQUIRE(world.seen.size() == 4);
        REQUIRE(world.seen[2].items.size() == 1);
        CHECK(world.seen[2].items[0].method == "saved");
    }
    SECTION("and no two others will do") {
        CHECK(world.connect("1", world.sent_code(), "1", world.otp()) == Outcome::Refused);
        CHECK(world.acts.performed.empty());
    }
}

TEST_CASE("a lockout is cleared for who knows the password", "[runner]") {
    const auto [result, outcome] =
        GENERATE(std::pair{ActResult::Done, Outcome::Unlocked},
                 std::pair{ActResult::NothingWasLocked, Outcome::NothingWasLocked});
    RecoveryWorld world;
    world.enrol_address(kAdasAddress);
    world.request.reason = Reason::KnowsPassword;
    world.acts.results = {result};

    CHECK(world.connect("1", world.sent_code()) == outcome);
    CHECK(world.acts.performed == std::vector{Act::ClearLockout});
    CHECK(world.messages(OutboxPurpose::Notice).at(0).subject.find("Lockout") == 0);
}

TEST_CASE("an act that failed is tried again without another grant", "[runner]") {
    RecoveryWorld world;
    world.enrol_address(kAdasAddress);
    world.acts.results = {ActResult::Failed, ActResult::Failed, ActResult::Done};

    CHECK(world.connect("1", world.sent_code()) == Outcome::Recovered);
    CHECK(world.acts.performed.size() == 3);
    CHECK(world.messages(OutboxPurpose::Notice).size() == 1);
    CHECK(world.store.audit("1001:ada", 10)->size() == 4);
}

TEST_CASE("send again, another method and back lead where they say", "[runner]") {
    RecoveryWorld world;
    world.enrol_everything();

    const Outcome outcome = world.connect(
        "1", "m", "3", "", "1", world.after(std::chrono::seconds{61}, "r"), world.sent_code());

    CHECK(outcome == Outcome::Recovered);
    CHECK(world.kinds() == Kinds{ScreenKind::Menu, ScreenKind::Code, ScreenKind::Menu,
                                 ScreenKind::SavedCode, ScreenKind::Menu, ScreenKind::Code,
                                 ScreenKind::Code});
    CHECK(world.seen.back().remark == Remark::SentAgain);
    // The second choice came within the minute: its message was withheld.
    CHECK(world.messages(OutboxPurpose::Code).size() == 2);
}

TEST_CASE("a code stays good when another one may not be sent yet", "[runner]") {
    RecoveryWorld world;
    world.enrol_address(kAdasAddress);

    CHECK(world.connect("1", "r", "r", world.sent_code()) == Outcome::Recovered);
    CHECK(world.messages(OutboxPurpose::Code).size() == 1);
}

TEST_CASE("a new code replaces the one before", "[runner]") {
    RecoveryWorld world;
    world.enrol_address(kAdasAddress);
    std::string first;

    const Outcome outcome = world.connect(
        "1",
        [&](const Screen&) {
            first = world.newest_code();
            world.vault.foretell(3);
            world.clock.advance(std::chrono::seconds{61});
            return std::string{"r"};
        },
        [&](const Screen&) { return first; }, world.sent_code());

    CHECK(outcome == Outcome::Recovered);
    CHECK(world.seen.back().remark == Remark::CodeWrong);
}

TEST_CASE("stepping back from the first question asks the reason again", "[runner]") {
    RecoveryWorld world;
    if (GENERATE(false, true)) world.over_ssh();
    world.enrol_everything();

    CHECK(world.connect("") == Outcome::Back);
    CHECK(world.store.outbox().empty());
}

TEST_CASE("a code of one address opens no gate of another", "[runner]") {
    RecoveryWorld world;
    world.enrol_address(kAdasAddress);
    world.enrol_address("ada@example.net");

    const Outcome outcome = world.connect("1", "m", "2", world.sent_code());

    CHECK(outcome == Outcome::Refused);
    CHECK(world.acts.proofs.empty());
}

TEST_CASE("an address in its waiting time is neither offered nor recognised", "[runner]") {
    RecoveryWorld world;
    world.enrol_app();
    world.enrol_address(kAdasAddress, world.clock.now() + std::chrono::seconds{1});

    (void)world.connect("");
    REQUIRE(world.seen[0].items.size() == 2);
    CHECK(world.seen[0].items[0].method == "totp");
    CHECK(world.seen[0].items[1].method == "saved");  // offered to everybody

    world.over_ssh();
    (void)world.connect(kAdasAddress, "12345678");
    CHECK(world.messages(OutboxPurpose::Code).empty());
}

TEST_CASE("a recovery that has expired is refused before anything is judged", "[runner]") {
    RecoveryWorld world;
    world.enrol_app();
    const auto wait =
        GENERATE(std::pair{899, Outcome::Recovered}, std::pair{900, Outcome::Refused});
    world.settings.recovery_lifetime = std::chrono::seconds{900};

    const Outcome outcome = world.connect("1", [&](const Screen&) {
        world.clock.advance(std::chrono::seconds{wait.first});
        return FakeChannels::otp_at(FakeChannels::step_at(world.clock.now()));
    });

    CHECK(outcome == wait.second);
    const bool was_judged = wait.second == Outcome::Recovered;
    CHECK(world.attempts_of("1001:ada", AttemptKind::Otp) == (was_judged ? 1 : 0));
}

TEST_CASE("a code is refused from the second it expires", "[runner]") {
    RecoveryWorld world;
    world.enrol_address(kAdasAddress);
    const auto wait =
        GENERATE(std::pair{599, Outcome::Recovered}, std::pair{600, Outcome::Refused});

    const Outcome outcome = world.connect("1", [&](const Screen&) {
        world.clock.advance(std::chrono::seconds{wait.first});
        return world.newest_code();
    });

    CHECK(outcome == wait.second);
}

TEST_CASE("no secret is in the log", "[runner]") {
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_everything();
    REQUIRE(world.connect(kAdasAddress, world.sent_code(), "2", kSavedCode) == Outcome::Recovered);

    std::string code = world.newest_code();
    CHECK_FALSE(world.log.has(code));
    CHECK_FALSE(world.log.has(code.erase(4, 1)));
    CHECK_FALSE(world.log.has(kAdasAddress));
    CHECK_FALSE(world.log.has(kSavedCode));
    CHECK_FALSE(world.log.has(world.shown_resume_code()));
    CHECK(world.log.has("recovery started"));
    CHECK(world.log.has("recovery finished"));
    CHECK(world.log.has("outcome=recovered"));
}
