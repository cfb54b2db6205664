// SPDX-License-Identifier: MIT
//
// Codes to telephones: typed in full before anything is sent, one possession for texts and
// calls, and over ssh one question for all.
#include <map>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/recovery_world.hpp"

namespace latchkey {

namespace {

const std::string kNumber = "+491701234567";

std::string method_of_newest_code(const RecoveryWorld& world) {
    std::string method;
    for (const OutboxRow& row : world.store.outbox())
        if (row.purpose == OutboxPurpose::Code && !row.sealed.empty()) method = row.method;
    return method;
}

struct World : RecoveryWorld {
    World() {
        settings.phone_country = "+49";
        add_telephones();
        enrol("sms", kNumber);
        enrol("voice", kNumber);
    }
};

}  // namespace

TEST_CASE("at a console the complete number is typed, then a text with the code is sent") {
    World world;
    CHECK(world.connect("1", "0170 123 45 67", world.sent_code()) == Outcome::Recovered);
    CHECK(world.kinds() ==
          std::vector{ScreenKind::Menu, ScreenKind::FullAddress, ScreenKind::Code});
    CHECK(method_of_newest_code(world) == "sms");
    const auto codes = world.messages(OutboxPurpose::Code);
    REQUIRE(codes.size() == 1);
    CHECK(codes[0].to == kNumber);
    CHECK(codes[0].code.size() == 8);
    CHECK(codes[0].short_text.reveal().find("recovery code of ada") != std::string::npos);
    CHECK(codes[0].expires_at ==
          (FakeClock::kStart + std::chrono::minutes{10}).time_since_epoch().count());
}

TEST_CASE("a telephone is called with a notice for half an hour, and not in the night after") {
    World world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.connect("1", world.sent_code()) == Outcome::Recovered);
    const TimePoint now = world.clock.now();
    std::map<std::string, std::chrono::seconds> lives;
    for (const OutboxRow& row : world.store.outbox())
        if (row.purpose == OutboxPurpose::Notice) lives[row.method] = row.expires_at - now;
    CHECK(lives ==
          std::map<std::string, std::chrono::seconds>{{"email", std::chrono::hours{72}},
                                                      {"sms", std::chrono::hours{72}},
                                                      {"voice", std::chrono::minutes{30}}});
}

TEST_CASE("a number that is not the one sends nothing and looks the same") {
    World right;
    World wrong;
    right.connect("1", kNumber, "00000000", "");
    wrong.connect("1", "+491701234568", "00000000", "");
    CHECK(rendered(right) == rendered(wrong));
    CHECK(right.messages(OutboxPurpose::Code).size() == 1);
    CHECK(wrong.messages(OutboxPurpose::Code).empty());
}

TEST_CASE("a call to the number that was texted is no second gate") {
    World world;
    world.request.gates_needed = 2;
    CHECK(world.connect("1", kNumber, world.sent_code(), "") == Outcome::WhomToAsk);
    CHECK(world.seen.back().remark == Remark::TooFewWays);
}

TEST_CASE("over ssh a number is texted, or called if the claimant says so") {
    World world;
    world.over_ssh();
    world.give_saved_codes();
    SECTION("texted") {
        world.connect("0170 1234567", world.sent_code(), "1", kSavedCode);
        CHECK(method_of_newest_code(world) == "sms");
    }
    SECTION("called") {
        world.connect("Call 0170 1234567", world.sent_code(), "1", kSavedCode);
        CHECK(method_of_newest_code(world) == "voice");
    }
    CHECK(world.acts.performed.size() == 1);
}

TEST_CASE("over ssh a number is texted also if it was enrolled for calls first") {
    RecoveryWorld world;
    world.add_telephones();
    world.enrol("voice", kNumber);
    world.enrol("sms", kNumber);
    world.over_ssh();
    world.connect(kNumber, "00000000", "");
    CHECK(method_of_newest_code(world) == "sms");
}

TEST_CASE("over ssh a number that can only be called is called") {
    RecoveryWorld world;
    world.add_telephones();
    world.enrol("voice", kNumber);
    world.over_ssh();
    world.connect(kNumber, "00000000", "");
    CHECK(method_of_newest_code(world) == "voice");
}

TEST_CASE("over ssh a call to a number that is only for texts sends nothing") {
    RecoveryWorld world;
    world.add_telephones();
    world.enrol("sms", kNumber);
    world.over_ssh();
    world.connect("call " + kNumber, "00000000", "");
    CHECK(world.messages(OutboxPurpose::Code).empty());
}

}  // namespace latchkey
