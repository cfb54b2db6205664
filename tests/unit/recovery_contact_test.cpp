// SPDX-License-Identifier: MIT
//
// A trusted person gets the code and reads it to the claimant, perhaps hours later: the code
// outlives the connection and the recovery that asked for it, and nothing else does.
#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/recovery_world.hpp"

namespace latchkey {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string kBen = "ben@example.net";

struct World : RecoveryWorld {
    World() {
        settings.methods["contact"] = {
            "E-mail my recovery contact", MethodKind::Delivery, {"mail"}, minutes{10}};
        settings.methods["contact"].recovery_contact = true;
        settings.methods["contact"].extra_lifetime = hours{24};
        enrol("contact", kBen);
    }
    // Asked for now, and read out later. On the menu a contact stands behind saved codes.
    [[nodiscard]] std::string code_of_ben() {
        (void)connect("2");
        vault.foretell(3);  // a later code is another one
        return newest_code();
    }
    [[nodiscard]] std::size_t codes_sent() const { return messages(OutboxPurpose::Code).size(); }
};

}  // namespace

TEST_CASE("a recovery contact is told for whom the code is, why, and how to pass it on") {
    World world;
    CHECK(world.connect("2", world.sent_code()) == Outcome::Recovered);
    const auto codes = world.messages(OutboxPurpose::Code);
    REQUIRE(codes.size() == 1);
    CHECK(codes[0].to == kBen);
    const std::string text{codes[0].text.reveal()};
    for (const char* part : {"You are a recovery contact of ada.", "I forgot my password.",
                             "Their recovery code: ", "valid for 24 hours", "read the code aloud"})
        CHECK(text.find(part) != std::string::npos);
    CHECK(codes[0].expires_at ==
          (FakeClock::kStart + hours{24} + minutes{10}).time_since_epoch().count());
}

TEST_CASE("the code goes to a contact's telephone once its number was typed completely") {
    const std::string number = "+491707654321";
    RecoveryWorld world;
    world.settings.phone_country = "+49";
    world.add_method("contact-sms", Medium::Text, "Text my recovery contact");
    world.settings.methods["contact-sms"].recovery_contact = true;
    world.enrol("contact-sms", number);
    SECTION("the number") {
        CHECK(world.connect("2", "0170 7654321", world.sent_code()) == Outcome::Recovered);
        const auto codes = world.messages(OutboxPurpose::Code);
        REQUIRE(codes.size() == 1);
        CHECK(codes[0].to == number);
        const std::string text{codes[0].short_text.reveal()};
        for (const char* part : {"recovery code of ada", "Speak with them before you read it out."})
            CHECK(text.find(part) != std::string::npos);
    }
    SECTION("another one that ends in the same digits") {
        CHECK(world.connect("2", "0171 9999921", "00000000") != Outcome::Recovered);
        CHECK(world.messages(OutboxPurpose::Code).empty());
    }
    auto kinds = world.kinds();
    kinds.resize(3);
    CHECK(kinds == std::vector{ScreenKind::Menu, ScreenKind::FullAddress, ScreenKind::Code});
}

TEST_CASE("a contact's code is good in a later connection, when no message is sent again") {
    World world;
    const std::string code = world.code_of_ben();
    world.clock.advance(hours{24});
    REQUIRE(world.store.prune(world.clock.now()));
    world.request.source = "console:tty2";
    CHECK(world.connect("2", code) == Outcome::Recovered);
    CHECK(world.codes_sent() == 1);
}

TEST_CASE("over ssh a contact's code is good later as well, and the screens are those of before") {
    World world;
    world.give_saved_codes();
    world.over_ssh();
    (void)world.connect(kBen, "");
    const std::string code = world.newest_code();
    const auto before = rendered(world);
    world.clock.advance(hours{3});
    world.over_ssh("198.51.100.9");
    (void)world.connect(kBen, "");
    CHECK(rendered(world) == before);
    CHECK(world.connect(kBen, code, "1", kSavedCode) == Outcome::Recovered);
    CHECK(world.codes_sent() == 1);
}

TEST_CASE("a contact's code ends after a day and its ten minutes") {
    World world;
    const std::string code = world.code_of_ben();
    world.clock.advance(hours{24} + minutes{10});
    CHECK(world.connect("2", code) != Outcome::Recovered);
    CHECK(world.codes_sent() == 2);
}

TEST_CASE("without extra hours a contact's code ends after its ten minutes") {
    World world;
    world.settings.methods["contact"].extra_lifetime = hours{0};
    const std::string code = world.code_of_ben();
    world.clock.advance(minutes{10});
    CHECK(world.connect("2", code) != Outcome::Recovered);
}

TEST_CASE("a contact's code is good once") {
    World world;
    const std::string code = world.code_of_ben();
    REQUIRE(world.connect("2", code) == Outcome::Recovered);
    CHECK(world.connect("2", code) != Outcome::Recovered);
}

TEST_CASE("a code that is sent again to a contact ends the one before") {
    World world;
    const std::string first = world.code_of_ben();
    world.clock.advance(hours{1});
    CHECK(world.connect("2", "r", first) != Outcome::Recovered);
    CHECK(world.codes_sent() == 2);
    CHECK(world.connect("2", world.newest_code()) == Outcome::Recovered);
}

TEST_CASE("coming back gives no more guesses at a contact's code") {
    World world;
    world.settings.limits.wrong_per_hour = 100;
    world.settings.limits.wrong_at_console_per_day = 100;
    const std::string code = world.code_of_ben();
    for (int visit = 0; visit < 2; ++visit) {
        (void)world.connect("2", "00000000", "00000000");
        world.clock.advance(hours{2});
    }
    (void)world.connect("2", "00000000");  // the fifth
    CHECK(world.codes_sent() == 1);
    CHECK(world.connect("2", code) != Outcome::Recovered);
    CHECK(world.codes_sent() == 2);  // what is used up is waited for by nobody
}

TEST_CASE("a code that a contact was sent for a lockout sets no new password") {
    World world;
    world.request.reason = Reason::KnowsPassword;
    const std::string code = world.code_of_ben();
    world.clock.advance(minutes{2});
    world.request.reason = Reason::ForgotPassword;
    CHECK(world.connect("2", code) != Outcome::Recovered);
    CHECK(world.acts.performed.empty());
    CHECK(world.codes_sent() == 2);
}

TEST_CASE("before a proof a wrong number and a contact's expire alike") {
    World right;
    World wrong;
    for (World* world : {&right, &wrong}) {
        world->settings.methods["contact"].medium = Medium::Text;
        world->enrol("contact", "+491701234567");
    }
    const auto late = [](World& world) { return world.after(minutes{11}, "00000000"); };
    (void)right.connect("3", "+491701234567", late(right), "");
    (void)wrong.connect("3", "+491701234568", late(wrong), "");
    CHECK(rendered(right) == rendered(wrong));
}

TEST_CASE("where nobody else can be told of a recovery, the contact is") {
    World world;
    world.give_saved_codes();
    REQUIRE(world.connect("1", kSavedCode) == Outcome::Recovered);
    const auto notices = world.messages(OutboxPurpose::Notice);
    REQUIRE(notices.size() == 1);
    CHECK(notices[0].to == kBen);
}

TEST_CASE("a contact's code opens one gate, and the other is needed in the same connection") {
    World world;
    world.enrol_app();
    world.request.gates_needed = 2;
    (void)world.connect("3");
    const std::string code = world.newest_code();
    REQUIRE(world.messages(OutboxPurpose::Code).back().to == kBen);
    (void)world.connect("3", code);  // and leaves
    world.clock.advance(hours{1});
    CHECK(world.connect("3", code) != Outcome::Recovered);
    CHECK(world.acts.performed.empty());
}

TEST_CASE("of two contacts each has a code of their own") {
    World world;
    world.enrol("contact", "carl@example.com");
    (void)world.connect("2");
    const std::string bens = world.newest_code();
    world.vault.foretell(3);
    world.clock.advance(minutes{2});
    (void)world.connect("3");
    const auto codes = world.messages(OutboxPurpose::Code);
    REQUIRE(codes.size() == 2);
    CHECK(codes[0].to != codes[1].to);
    CHECK(world.connect("3", bens) != Outcome::Recovered);
    CHECK(world.connect("2", bens) == Outcome::Recovered);
    CHECK(world.codes_sent() == 2);
}

TEST_CASE("who is a contact no more has a code for nothing") {
    World world;
    const std::string code = world.code_of_ben();
    const SubjectKey& ada = world.request.subject;
    Contact row = world.store.contacts(ada).value().front();
    row.sealed_address =
        world.vault.seal(world.request.subkey, contact_binding(ada, row), "carl@example.net");
    REQUIRE(world.store.enrol_contact(ada, row));
    world.clock.advance(minutes{2});
    CHECK(world.connect("2", code) != Outcome::Recovered);
    CHECK(world.messages(OutboxPurpose::Code).back().to == "carl@example.net");
}

TEST_CASE("a contact's code ends when the account is recovered in another way") {
    World world;
    world.give_saved_codes();
    (void)world.connect("2");
    const std::string code = world.newest_code();
    world.clock.advance(GENERATE(minutes{5}, minutes{60}));
    REQUIRE(world.connect("1", kSavedCode) == Outcome::Recovered);
    world.clock.advance(minutes{2});
    world.vault.foretell(3);  // a later code is another one
    CHECK(world.connect("2", code) != Outcome::Recovered);
}

TEST_CASE("a contact whose mailbox is at the domain of one's own is no second gate") {
    World world;
    world.enrol_address("ada@example.net");
    world.request.gates_needed = 2;
    CHECK(world.connect("1", world.sent_code(), "") == Outcome::WhomToAsk);
    CHECK(world.seen.back().remark == Remark::TooFewWays);
}

TEST_CASE("a contact's code opens nothing once the account is locked") {
    World world;
    const std::string code = world.code_of_ben();
    world.request.deliverable = false;
    CHECK(world.connect("2", code) != Outcome::Recovered);
    CHECK(world.acts.proofs.empty());
}

TEST_CASE("a contact hears of a recovery by their code, and of no other") {
    World world;
    world.enrol_address(kAdasAddress);
    const auto notices_to = [&world](const std::string& address) {
        std::string texts;
        for (const OutboxMessage& notice : world.messages(OutboxPurpose::Notice))
            if (notice.to == address) texts += notice.text.reveal();
        return texts;
    };
    SECTION("by the own mailbox") {
        REQUIRE(world.connect("1", world.sent_code()) == Outcome::Recovered);
        CHECK(notices_to(kBen).empty());
    }
    SECTION("by the contact") {
        REQUIRE(world.connect("3", world.sent_code()) == Outcome::Recovered);
        CHECK(notices_to(kBen).find("You are a recovery contact of ada.") != std::string::npos);
    }
    CHECK(notices_to(kAdasAddress).find("Somebody proved to be you") != std::string::npos);
}

TEST_CASE("for a locked account the screens of a contact are the same, and nothing is sent") {
    World healthy;
    World locked;
    locked.request.deliverable = false;
    std::vector<std::string> seen;
    std::vector<std::string> seen_by_locked;
    for (int visit = 0; visit < 3; ++visit) {
        for (auto [world, screens] : {std::pair{&healthy, &seen}, {&locked, &seen_by_locked}}) {
            (void)world->connect("2", "00000000", "00000000", "");
            for (std::string& screen : rendered(*world)) screens->push_back(std::move(screen));
            world->clock.advance(minutes{5});
        }
    }
    CHECK(seen == seen_by_locked);
    CHECK(locked.codes_sent() == 0);
}

TEST_CASE("who writes the store without the account's key makes no contact's code younger") {
    World world;
    const std::string code = world.code_of_ben();
    world.store.postdate_codes(hours{12});
    world.clock.advance(hours{30});
    CHECK(world.connect("2", code) != Outcome::Recovered);
}

}  // namespace latchkey
