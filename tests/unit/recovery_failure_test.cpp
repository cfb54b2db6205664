// SPDX-License-Identifier: MIT
//
// The store, the root side or the claimant goes away, at every single call.
#include "tests/support/recovery_world.hpp"

using namespace latchkey;

namespace {

Outcome healthy_recovery(RecoveryWorld& world) {
    world.over_ssh();
    return world.connect(kAdasAddress, world.sent_code(), "1", world.otp());
}

// How many calls of the store that recovery makes.
std::size_t calls_of_a_healthy_recovery() {
    for (std::size_t calls = 1; calls < 200; ++calls) {
        RecoveryWorld world;
        world.enrol_everything();
        world.store.fail_after(calls, ErrorKind::Unavailable);
        // The release at the very end is not needed for an outcome.
        if (healthy_recovery(world) == Outcome::Recovered) return calls;
    }
    return 0;
}

}  // namespace

TEST_CASE("whichever call of the store fails, nothing is done without a grant",
          "[runner][failure]") {
    const ErrorKind kind = GENERATE(ErrorKind::Unavailable, ErrorKind::Corrupt);
    const std::size_t calls = calls_of_a_healthy_recovery();
    REQUIRE(calls > 10);
    for (std::size_t working = 0; working < calls; ++working) {
        RecoveryWorld world;
        world.enrol_everything();
        world.store.fail_after(working, kind);
        INFO("calls that worked: " << working);

        CHECK(healthy_recovery(world) == Outcome::Refused);

        // The audit record that follows the act is the only call behind it.
        const bool is_after_act = working == calls - 1;
        CHECK(world.acts.performed.size() == (is_after_act ? 1 : 0));
        CHECK(world.log.has("recovery refused"));
    }
}

TEST_CASE("no act is asked for when the grant cannot be spent", "[runner][failure]") {
    RecoveryWorld world;
    world.enrol_everything();
    // What the store counts decides, not what the flow counts.
    world.request.gates_needed = 1;
    world.settings.grant_lifetime = std::chrono::seconds{0};

    CHECK(world.connect("2", world.otp()) == Outcome::Refused);
    CHECK(world.acts.performed.empty());
    CHECK(world.messages(OutboxPurpose::Notice).empty());
}

TEST_CASE("without the root side nothing is proven", "[runner][failure]") {
    const std::string choice = GENERATE("2", "3");
    RecoveryWorld world;
    world.enrol_everything();

    const Outcome outcome = world.connect(choice, [&](const Screen&) {
        world.acts.failure = ErrorKind::Unavailable;
        return choice == "3" ? kSavedCode
                             : FakeChannels::otp_at(FakeChannels::step_at(world.clock.now()));
    });

    CHECK(outcome == Outcome::Refused);
    CHECK(world.acts.performed.empty());
    CHECK(world.log.has("the monitor is gone"));
}

TEST_CASE("a claimant who leaves lets the next connection in at once", "[runner][failure]") {
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_everything();
    REQUIRE(world.connect(kSavedCode) == Outcome::Refused);

    CHECK(world.reconnect(world.shown_resume_code(), "2", world.otp()) == Outcome::Recovered);
}

TEST_CASE("an enrolment that does not open is left out and logged", "[runner][failure]") {
    RecoveryWorld world;
    world.enrol_everything();
    Contact altered;
    altered.method = "email";
    altered.possession = "email:example.com";
    altered.sealed_address = world.vault.seal(world.request.subkey, "another place", "x");
    altered.confirmed_at = world.clock.now();
    REQUIRE(world.store.enrol_contact("1001:ada", altered));

    (void)world.connect("");

    CHECK(world.seen[0].items.size() == 3);
    CHECK(world.log.has("cannot open a contact"));
}

TEST_CASE("what was enrolled for a method that is gone is left out", "[runner][failure]") {
    RecoveryWorld world;
    world.enrol_everything();
    world.add_method("sms", Medium::Text, "Text my mobile phone");
    world.enrol("sms", "+491701234567");
    world.settings.methods.erase("sms");
    world.settings.methods.erase("totp");
    CHECK(world.connect("1", world.sent_code()) == Outcome::Recovered);
    REQUIRE(world.seen.front().items.size() == 2);
    CHECK(world.seen.front().items[0].method == "email");
    CHECK(world.seen.front().items[1].method == "saved");
}

TEST_CASE("an unconfirmed address is nobody's", "[runner][failure]") {
    RecoveryWorld world;
    world.enrol_app();
    Contact unconfirmed;
    unconfirmed.method = "email";
    unconfirmed.possession = "email:example.org";
    unconfirmed.sealed_address = world.vault.seal(
        world.request.subkey, contact_binding("1001:ada", unconfirmed), kAdasAddress);
    REQUIRE(world.store.enrol_contact("1001:ada", unconfirmed));

    (void)world.connect("");

    for (const MenuItem& item : world.seen[0].items) CHECK(item.method != "email");
}

TEST_CASE("hostile answers are judged wrong and break nothing", "[runner][failure]") {
    const std::string hostile = GENERATE(
        std::string(1'000'000, 'A'), std::string{"\0\0\0\0", 4}, std::string{"\xff\xfe\x80\x81"},
        std::string{"\x1b[2J\x1b[H"}, std::string{"a\r\nBcc: eve@example.org"},
        std::string{"%n%s%n%s"}, std::string{"../../etc/shadow"}, std::string{"' OR 1=1 --"},
        std::string{"\b\n\r\177INCORRECT\b\n\r\177"});
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_everything();

    CHECK(world.connect(hostile, hostile) == Outcome::Refused);
    CHECK(world.acts.proofs.empty());
    CHECK(world.messages(OutboxPurpose::Code).empty());
    CHECK_FALSE(world.log.has(hostile));

    CHECK(world.connect(kAdasAddress, hostile, world.sent_code(), hostile, "1", hostile,
                        world.otp()) == Outcome::Recovered);
}
