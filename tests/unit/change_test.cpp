// SPDX-License-Identifier: MIT
//
// Who has signed in changes the ways back into the account: what is new is confirmed and waits,
// and whoever was there before is told and can end it.
#include <string>
#include <vector>

#include "core/recovery_ways.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/change_world.hpp"

namespace latchkey {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("a first address counts only after its code came back, and seven days later") {
    ChangeWorld world;
    REQUIRE(world.enrol_by_owner(kNewAddress, world.sent_code()));
    CHECK(world.end.is_new);
    CHECK(world.end.is_first);
    CHECK(world.end.counts_from == FakeClock::kStart + days{7});
    CHECK(world.kinds() == std::vector{ScreenKind::NewAddress});
    world.clock.advance(days{7} - seconds{1});
    CHECK_FALSE(world.recovers_by(kNewAddress));
    world.clock.advance(seconds{1});
    CHECK(world.recovers_by(kNewAddress));
}

TEST_CASE("an address whose code did not come back is not enrolled") {
    ChangeWorld world;
    SECTION("given up") {
        CHECK_FALSE(world.enrol_by_owner(kNewAddress, ""));
    }
    SECTION("gone") {
        CHECK_FALSE(world.enrol_by_owner(kNewAddress));
    }
    SECTION("too many wrong codes") {
        CHECK_FALSE(world.enrol_by_owner(kNewAddress, "00000000", "00000001", "00000002",
                                         "00000003", "00000004", world.sent_code()));
        CHECK(world.attempts_of("1001:ada", AttemptKind::Confirmation) == 5);
    }
    SECTION("too late") {
        CHECK_FALSE(world.enrol_by_owner(kNewAddress, [&world](const Screen&) {
            world.clock.advance(minutes{10});
            return world.newest_code();
        }));
    }
    CHECK(world.store.contacts("1001:ada").value().empty());
    CHECK_FALSE(world.end.why.empty());
}

TEST_CASE("a wrong code may be followed by the right one, and each is on disk before") {
    ChangeWorld world;
    CHECK(world.enrol_by_owner(kNewAddress, "00000000", world.sent_code()));
    CHECK(world.attempts_of("1001:ada", AttemptKind::Confirmation) == 2);
}

TEST_CASE("another code is sent when one letter is typed, a minute later at the earliest") {
    ChangeWorld world;
    SECTION("at once") {
        CHECK(world.enrol_by_owner(kNewAddress, "r", world.sent_code()));
        CHECK(world.messages(OutboxPurpose::Code).size() == 1);
    }
    SECTION("after a minute the first one is void") {
        std::string first;
        CHECK(world.enrol_by_owner(
            kNewAddress,
            [&](const Screen&) {
                first = world.newest_code();
                world.vault.foretell(3);  // the next one is another one
                world.clock.advance(minutes{1});
                return std::string{"r"};
            },
            [&](const Screen&) { return first; }, world.sent_code()));
        CHECK(world.messages(OutboxPurpose::Code).size() == 2);
        CHECK(world.attempts_of("1001:ada", AttemptKind::Confirmation) == 2);
    }
}

TEST_CASE("where there is a way already it is proven before anything is changed") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    SECTION("by a code to the address that is there") {
        CHECK(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
        CHECK(world.messages(OutboxPurpose::Code).front().to == kAdasAddress);
        CHECK(world.messages(OutboxPurpose::Code).back().to == kNewAddress);
        CHECK(world.store.contacts("1001:ada").value().size() == 2);
        CHECK_FALSE(world.end.is_first);
    }
    SECTION("and not by the code of the new one") {
        CHECK_FALSE(world.enrol_by_owner(kNewAddress, "1", "00000000"));
        CHECK(world.messages(OutboxPurpose::Code).size() == 1);
        CHECK(world.store.contacts("1001:ada").value().size() == 1);
    }
    SECTION("also if it waits itself") {
        ChangeWorld fresh;
        REQUIRE(fresh.enrol_by_owner(kAdasAddress, fresh.sent_code()));
        fresh.clock.advance(minutes{2});
        CHECK_FALSE(fresh.enrol_by_owner(kNewAddress, "1", "00000000"));
        fresh.clock.advance(minutes{2});
        CHECK(fresh.enrol_by_owner(kNewAddress, "1", fresh.sent_code(), fresh.sent_code()));
    }
    CHECK(world.acts.performed.empty());
}

TEST_CASE("the proof before a change changes no password and is no recovery") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    CHECK(world.acts.performed.empty());
    const auto records = world.store.audit("1001:ada", 100).value();
    for (const AuditRecord& record : records) CHECK(record.event != "granted");
    const std::string text = world.notice_to(kAdasAddress);
    CHECK(text.find("choose a new password") == text.npos);
}

TEST_CASE("an address that its owner confirms goes on counting, without a message or a proof") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    world.days_pass(700);
    const std::size_t before = world.messages(OutboxPurpose::Code).size();
    REQUIRE(world.change({ChangeWish::Confirm, {}, {}, {}}));
    CHECK(world.kinds().empty());
    CHECK(world.end.destination == "a...a at e....org");
    CHECK(world.end.counts_from == world.clock.now() + days{730});
    CHECK(world.messages(OutboxPurpose::Code).size() == before);
    CHECK(world.notice_to(kAdasAddress).empty());
    world.days_pass(729);
    CHECK(world.recovers_by(kAdasAddress));
    world.days_pass(1);
    CHECK_FALSE(world.recovers_by(kAdasAddress));
}

TEST_CASE("nobody's word brings back what has expired, waits or is going") {
    ChangeWorld world;
    SECTION("expired") {
        world.enrol_address(kAdasAddress);
        world.days_pass(730);
    }
    SECTION("waiting") {
        REQUIRE(world.enrol_by_owner(kNewAddress, world.sent_code()));
    }
    SECTION("going") {
        world.enrol_address(kAdasAddress);
        world.days_pass(200);
        REQUIRE(world.remove_by_owner(kAdasAddress, "1", world.sent_code()));
    }
    SECTION("nothing there") {}
    SECTION("confirmed not long ago") {
        world.enrol_address(kAdasAddress);
        world.days_pass(179);
    }
    const auto before = world.store.contacts("1001:ada").value();
    CHECK_FALSE(world.change({ChangeWish::Confirm, {}, {}, {}}));
    const auto after = world.store.contacts("1001:ada").value();
    REQUIRE(after.size() == before.size());
    for (std::size_t i = 0; i < after.size(); ++i)
        CHECK(after[i].confirmed_at == before[i].confirmed_at);
}

TEST_CASE("within a day of a veto nothing is confirmed either") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    world.days_pass(200);
    REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    REQUIRE(world.deny_by_owner(world.veto_of(kAdasAddress)));
    CHECK_FALSE(world.change({ChangeWish::Confirm, {}, {}, {}}));
    world.clock.advance(hours{24});
    CHECK(world.change({ChangeWish::Confirm, {}, {}, {}}));
}

TEST_CASE("an account that can become root has its first way from the administrator") {
    ChangeWorld world;
    world.privileged = true;
    CHECK_FALSE(world.enrol_by_owner(kNewAddress, world.sent_code()));
    CHECK(world.messages(OutboxPurpose::Code).empty());
    world.enrol_address(kAdasAddress);
    REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    CHECK(world.end.counts_from == FakeClock::kStart + days{30});
}

TEST_CASE("old addresses are told of a new one, and can end it within its waiting time") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    const std::string code = world.veto_of(kAdasAddress);
    REQUIRE(code.size() == 11);
    CHECK(world.notice_to(kAdasAddress).find("a...a at e....net") != std::string::npos);
    CHECK(world.notice_to(kNewAddress).empty());
    SECTION("within it") {
        world.clock.advance(days{7} - seconds{1});
        CHECK(world.deny_by_owner(code));
        CHECK(world.store.contacts("1001:ada").value().size() == 1);
        CHECK(world.notice_to(kAdasAddress).find("undone") != std::string::npos);
        CHECK(world.notice_to(kNewAddress).empty());
        CHECK_FALSE(world.deny_by_owner(code));
    }
    SECTION("in small letters and without the hyphen") {
        std::string typed;
        for (const char c : code)
            if (c != '-') typed += static_cast<char>(c - 'A' + 'a');
        CHECK(world.deny_by_owner(typed));
    }
    SECTION("and not behind it") {
        world.days_pass(7);
        CHECK_FALSE(world.deny_by_owner(code));
        CHECK(world.store.contacts("1001:ada").value().size() == 2);
    }
    SECTION("and not for another account") {
        world.request.subject = "1002:bob";
        CHECK_FALSE(world.deny_by_owner(code));
        CHECK(world.store.contacts("1001:ada").value().size() == 2);
    }
}

TEST_CASE("after a veto nothing is changed for a day") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    REQUIRE(world.deny_by_owner(world.veto_of(kAdasAddress)));
    world.clock.advance(hours{24} - seconds{1});
    CHECK_FALSE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    CHECK(world.seen.empty());
    world.clock.advance(seconds{1});
    CHECK(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
}

TEST_CASE("what is new is ended as often as whoever was told says so") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    for (int i = 0; i < 3; ++i) {
        REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
        CHECK(world.deny_by_owner(world.veto_of(kAdasAddress)));
        CHECK(world.store.contacts("1001:ada").value().size() == 1);
        world.days_pass(2);
    }
}

TEST_CASE("the second veto of one address within 30 days is the administrator's to decide") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    world.enrol_address("ada@example.com");
    REQUIRE(world.remove_and_deny(kAdasAddress, "ada@example.com"));
    world.days_pass(2);
    CHECK_FALSE(world.remove_and_deny(kAdasAddress, "ada@example.com"));
    CHECK(world.end.why.find("administrator") != std::string::npos);
    const auto gone_from = world.store.contacts("1001:ada").value().front().gone_from;
    CHECK(gone_from == world.clock.now() + days{7 + 30});
    for (const std::string& address : {kAdasAddress, std::string{"ada@example.com"}}) {
        INFO(address);
        CHECK(world.notice_to(address).find("the administrator decides about it") !=
              std::string::npos);
        CHECK(world.notice_to(address).find("It counts until 2027-02-23 08:") != std::string::npos);
    }
    CHECK(world.veto_of("ada@example.com").empty());
    world.days_pass(7 + 29);
    CHECK(world.recovers_by(kAdasAddress));
    world.days_pass(2);
    CHECK(world.recovers_by("ada@example.com"));
}

TEST_CASE("who holds an address that is being removed does not keep it by confirming it anew") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    world.enrol_address("ada@example.com");
    REQUIRE(world.remove_by_owner(kAdasAddress, "1", world.sent_code()));
    world.clock.advance(minutes{2});
    CHECK_FALSE(world.enrol_by_owner(kAdasAddress, "1", world.sent_code(), world.sent_code()));
    world.days_pass(7);
    CHECK(world.recovers_by("ada@example.com"));
}

TEST_CASE("what does not count yet is gone at once when it is removed") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    world.clock.advance(minutes{2});
    REQUIRE(world.remove_by_owner(kNewAddress, "1", world.sent_code()));
    world.clock.advance(minutes{2});
    CHECK_FALSE(world.remove_by_owner(kNewAddress, "1", world.sent_code()));
    world.days_pass(8);
    CHECK(world.recovers_by(kAdasAddress));
}

TEST_CASE("a change that was begun before a veto is not made behind it") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    const std::string veto = world.veto_of(kAdasAddress);
    world.clock.advance(minutes{2});
    CHECK_FALSE(world.enrol_by_owner("ada@example.com", "1", world.sent_code(), [&](const Screen&) {
        const std::string code = world.newest_code();
        const Digest digest = world.vault.digest(world.request.subkey, "veto|1001:ada",
                                                 veto.substr(0, 5) + veto.substr(6));
        const auto found = world.store.find_veto("1001:ada", digest, world.clock.now());
        UsedVeto used;
        used.subject = "1001:ada";
        used.change = found.value()->change;
        used.told = found.value()->told;
        used.now = world.clock.now();
        used.freezes = true;
        REQUIRE(world.store.use_veto(used).value());
        return code;
    }));
    CHECK(world.store.contacts("1001:ada").value().size() == 1);
}

TEST_CASE("an account changes ten times a day at most") {
    ChangeWorld world;
    world.enrol_app();
    for (int i = 0; i < 10; ++i) {
        CHECK(world.change({ChangeWish::NewSavedCodes, {}, {}, {}}, "1", world.otp()));
        world.clock.advance(minutes{15});
    }
    CHECK_FALSE(world.change({ChangeWish::NewSavedCodes, {}, {}, {}}, "1", world.otp()));
    world.days_pass(1);
    CHECK(world.change({ChangeWish::NewSavedCodes, {}, {}, {}}, "1", world.otp()));
}

TEST_CASE("a veto code that was not sent ends nothing, and guesses are limited") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    for (int i = 0; i < 12; ++i) CHECK_FALSE(world.deny_by_owner("BCDFG-HJKLX"));
    CHECK(world.attempts_of("1001:ada", AttemptKind::Resume) == 10);
    CHECK_FALSE(world.deny_by_owner(world.veto_of(kAdasAddress)));
    world.clock.advance(hours{1});
    CHECK(world.deny_by_owner(world.veto_of(kAdasAddress)));
}

TEST_CASE("a removed address counts until its time is over, and has no veto over it") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    world.enrol_address("ada@example.com");
    REQUIRE(world.remove_by_owner(kAdasAddress, "1", world.sent_code()));
    CHECK(world.end.counts_from == FakeClock::kStart + days{7});
    CHECK_FALSE(world.notice_to(kAdasAddress).empty());
    CHECK(world.veto_of(kAdasAddress).empty());
    CHECK_FALSE(world.veto_of("ada@example.com").empty());
    SECTION("until then") {
        world.clock.advance(days{7} - seconds{1});
        CHECK(world.recovers_by(kAdasAddress));
    }
    SECTION("and no longer") {
        world.days_pass(7);
        CHECK(world.recovers_by("ada@example.com"));
    }
    SECTION("and again after a veto") {
        REQUIRE(world.deny_by_owner(world.veto_of("ada@example.com")));
        world.days_pass(8);
        CHECK(world.recovers_by(kAdasAddress));
    }
}

TEST_CASE("where no old way would stay everything waits for 30 days") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    world.clock.advance(minutes{2});
    REQUIRE(world.remove_by_owner(kAdasAddress, "1", world.sent_code()));
    CHECK(world.end.counts_from == FakeClock::kStart + minutes{2} + days{30});
    world.days_pass(29);
    CHECK(world.recovers_by(kAdasAddress));
    world.days_pass(1);
    CHECK(world.recovers_by(kNewAddress));
}

TEST_CASE("which of two addresses is removed must be said") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    world.enrol_address("ada@example.com");
    CHECK_FALSE(world.remove_by_owner("", "1", world.sent_code()));
    world.clock.advance(minutes{2});
    CHECK_FALSE(world.remove_by_owner("eve@example.org", "1", world.sent_code()));
    world.clock.advance(minutes{2});
    CHECK(world.remove_by_owner("ADA@example.com", "1", world.sent_code()));
}

TEST_CASE("a new app waits beside the one that is there, and then takes its place") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    world.enrol_app();
    REQUIRE(world.change({ChangeWish::EnrolAuthenticator, "totp", {}, {}}, "1", world.sent_code(),
                         world.otp()));
    CHECK(world.maker.shown == 1);
    auto apps = world.store.authenticators("1001:ada").value();
    REQUIRE(apps.size() == 2);
    const std::string old_key = apps[0].sealed_key;
    const std::string new_key = apps[1].sealed_key;
    ScriptedConversation nobody{world.acts};
    const auto key_now = [&] {
        return authenticator_of(world.request, world.settings,
                                {world.store, world.vault, world.channels, nobody, world.acts,
                                 world.clock, world.log})
            .value()
            ->sealed_key;
    };
    world.clock.advance(days{7} - seconds{1});
    CHECK(key_now() == old_key);
    world.clock.advance(seconds{1});
    CHECK(key_now() == new_key);
}

TEST_CASE("an app whose code was not typed is not enrolled") {
    ChangeWorld world;
    SECTION("given up") {
        CHECK_FALSE(world.change({ChangeWish::EnrolAuthenticator, "totp", {}, {}}, ""));
    }
    SECTION("five wrong codes") {
        CHECK_FALSE(world.change({ChangeWish::EnrolAuthenticator, "totp", {}, {}}, "0", "0", "0",
                                 "0", "0", world.otp()));
    }
    SECTION("the key could not be shown") {
        world.maker.is_gone = true;
        CHECK_FALSE(world.change({ChangeWish::EnrolAuthenticator, "totp", {}, {}}, world.otp()));
    }
    CHECK(world.store.authenticators("1001:ada").value().empty());
}

TEST_CASE("new saved codes are told to every address with a veto, and wait as long") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.change({ChangeWish::NewSavedCodes, {}, {}, {}}, "1", world.sent_code()));
    CHECK(world.end.counts_from == FakeClock::kStart + days{7});
    REQUIRE(world.deny_by_owner(world.veto_of(kAdasAddress)));
    CHECK(world.end.ends_codes);
}

TEST_CASE(
    "who says that it was not them ends what is open, and gains a day for what waits or goes") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    world.enrol_address("ada@example.com");
    REQUIRE(world.remove_by_owner("ada@example.com", "1", world.sent_code()));
    world.clock.advance(minutes{2});
    REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    const auto before = world.store.contacts("1001:ada").value();
    REQUIRE(world.deny_by_owner());
    CHECK(world.end.postpones_codes);
    const auto after = world.store.contacts("1001:ada").value();
    REQUIRE(after.size() == 3);
    CHECK(after[0].usable_from == before[0].usable_from);
    CHECK(after[1].gone_from == before[1].gone_from + hours{24});
    CHECK(after[2].usable_from == before[2].usable_from + hours{24});
    // Nobody keeps the owner from anything so, and not by saying it again.
    CHECK_FALSE(world.deny_by_owner());
    world.clock.advance(minutes{2});
    CHECK(world.remove_by_owner(kNewAddress, "1", world.sent_code()));
    world.days_pass(1);
    CHECK(world.deny_by_owner());
}

TEST_CASE("every address is told that somebody said it was not them, once a day at most") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    world.enrol_address("ada@example.com");
    REQUIRE(world.connect("1") == Outcome::Refused);  // open
    REQUIRE(world.deny_by_owner());
    CHECK(world.end.told == 2);
    const auto told = world.messages(OutboxPurpose::Notice).size();
    CHECK(told == 2);
    for (const std::string& address : {kAdasAddress, std::string{"ada@example.com"}})
        CHECK(world.notice_to(address).find("that was not me. What was open") != std::string::npos);
    CHECK(world.notice_to(kAdasAddress).find("as do those that go") != std::string::npos);
    CHECK(world.store.audit("1001:ada", 1).value().at(0).event == "denied");
    for (int i = 0; i < 5; ++i) CHECK_FALSE(world.deny_by_owner());
    CHECK(world.messages(OutboxPurpose::Notice).size() == told);
    world.days_pass(1);
    REQUIRE(world.deny_by_owner());
    CHECK(world.messages(OutboxPurpose::Notice).size() == told + 2);
    CHECK(world.notice_to(kAdasAddress).find("as do those that go") == std::string::npos);
}

TEST_CASE("a recovery lists the ways that were changed the day before it, and no older ones") {
    ChangeWorld world;
    world.vault.is_scattered = true;
    world.enrol_address(kAdasAddress);
    world.enrol_address("ada@example.com");
    const bool lately = GENERATE(true, false);
    SECTION("brought in") {
        REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    }
    SECTION("taken away") {
        REQUIRE(world.remove_by_owner("ada@example.com", "1", world.sent_code()));
    }
    world.clock.advance(lately ? hours{23} : hours{25});
    REQUIRE(world.connect("1", world.sent_code()) == Outcome::Recovered);
    CHECK((world.notice_to(kAdasAddress).find("\n  contacts, or other ways") !=
           std::string::npos) == lately);
}

TEST_CASE("an app goes by its own key, and one that waits is taken back at once") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    world.enrol_app();
    SECTION("the one that counts") {
        REQUIRE(world.change({ChangeWish::Remove, "totp", {}, {}}, "1", world.sent_code()));
        CHECK(world.end.counts_from == FakeClock::kStart + days{7});
        world.clock.advance(minutes{2});
        CHECK_FALSE(world.change({ChangeWish::Remove, "totp", {}, {}}, "1", world.sent_code()));
        REQUIRE(world.deny_by_owner(world.veto_of(kAdasAddress)));
        CHECK(world.store.authenticators("1001:ada").value().at(0).gone_from == TimePoint{});
    }
    SECTION("the one that waits") {
        const auto present = world.store.authenticators("1001:ada").value().at(0).sealed_key;
        REQUIRE(world.change({ChangeWish::EnrolAuthenticator, "totp", {}, {}}, "1",
                             world.sent_code(), world.otp()));
        world.clock.advance(minutes{2});
        REQUIRE(world.change({ChangeWish::Remove, "totp", {}, {}}, "1", world.sent_code()));
        REQUIRE(world.store.prune(world.clock.now()));
        const auto apps = world.store.authenticators("1001:ada").value();
        REQUIRE(apps.size() == 1);
        CHECK(apps[0].sealed_key == present);
        CHECK(apps[0].gone_from == TimePoint{});
    }
    SECTION("the one that took another's place") {
        REQUIRE(world.change({ChangeWish::EnrolAuthenticator, "totp", {}, {}}, "1",
                             world.sent_code(), world.otp()));
        world.days_pass(8);
        REQUIRE(world.change({ChangeWish::Remove, "totp", {}, {}}, "1", world.sent_code()));
        const auto apps = world.store.authenticators("1001:ada").value();
        REQUIRE(apps.size() == 1);
        CHECK(apps[0].usable_from == FakeClock::kStart + days{7});
        CHECK(apps[0].gone_from == world.clock.now() + days{7});
    }
}

TEST_CASE("one waiting address of a stranger silences nobody and has no veto beside a contact") {
    ChangeWorld world;
    world.settings.methods["contact"] = {
        "E-mail my recovery contact", MethodKind::Delivery, {"mail"}, minutes{10}};
    world.settings.methods["contact"].recovery_contact = true;
    world.enrol("contact", "ben@example.net");
    REQUIRE(world.enrol_by_owner(kNewAddress, "2", world.sent_code(), world.sent_code()));
    CHECK_FALSE(world.veto_of("ben@example.net").empty());
    world.clock.advance(minutes{2});
    REQUIRE(world.change({ChangeWish::NewSavedCodes, {}, {}, {}}, "1", world.sent_code()));
    CHECK(world.notice_to("ben@example.net").find("new recovery codes") != std::string::npos);
    CHECK_FALSE(world.veto_of("ben@example.net").empty());
    CHECK(world.veto_of(kNewAddress).empty());
}

TEST_CASE("an address that nobody confirmed for two years proves nothing, and is a new one then") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    world.days_pass(729);
    CHECK(world.recovers_by(kAdasAddress));
    world.days_pass(1);
    CHECK_FALSE(world.recovers_by(kAdasAddress));
    REQUIRE(world.enrol_by_owner(kAdasAddress, "1", world.sent_code(), world.sent_code()));
    // It may be somebody else's by now, so that it waits like a new one.
    CHECK(world.end.is_new);
    world.days_pass(6);
    CHECK_FALSE(world.recovers_by(kAdasAddress));
    world.days_pass(1);
    CHECK(world.recovers_by(kAdasAddress));
}

TEST_CASE("where the store fails nothing is changed, and it is said") {
    for (std::size_t calls = 0; calls < 16; ++calls) {
        ChangeWorld world;
        world.enrol_address(kAdasAddress);
        world.store.fail_after(calls, ErrorKind::Unavailable);
        const bool done =
            world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code());
        const bool failed = world.store.fails();
        world.store.fail_with(std::nullopt);
        const auto contacts = world.store.contacts("1001:ada").value();
        CHECK(contacts.size() == (done ? 2 : 1));
        CHECK(done != failed);
        CHECK(done == world.end.why.empty());
    }
}

TEST_CASE("a number that texts and calls has one voice, and none over its own removal") {
    ChangeWorld world;
    world.vault.is_scattered = true;
    world.add_telephones();
    world.enrol_address(kAdasAddress);
    world.enrol("sms", "+4930123423");
    world.enrol("voice", "+4930123423");
    REQUIRE(world.change({ChangeWish::Remove, "sms", "+4930123423", {}}, "1", world.sent_code()));
    CHECK(world.notice_to(kAdasAddress).find("latchkey deny ") != std::string::npos);
    CHECK_FALSE(world.notice_to("+4930123423").empty());
    CHECK(world.notice_to("+4930123423").find("latchkey deny ") == std::string::npos);
}

TEST_CASE("an address that has expired does not stay in the place of one that is removed") {
    ChangeWorld world;
    world.enrol_address("old@example.org");
    world.days_pass(731);
    world.enrol_address(kAdasAddress);
    REQUIRE(world.remove_by_owner(kAdasAddress, "1", world.sent_code()));
    CHECK(world.end.counts_from == world.clock.now() + days{30});
}

TEST_CASE("an address that has expired proves nothing before a change where another way counts") {
    ChangeWorld world;
    world.enrol_address("old@example.org");
    world.days_pass(731);
    SECTION("there is another: the menu has it alone") {
        world.enrol_address(kAdasAddress);
        CHECK_FALSE(world.enrol_by_owner(kNewAddress, "2", world.sent_code(), world.sent_code()));
        REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
        const auto codes = world.messages(OutboxPurpose::Code);
        REQUIRE(codes.size() == 2);
        CHECK(codes[0].to == kAdasAddress);
        CHECK(codes[1].to == kNewAddress);
    }
    SECTION("it is all there is: who still reads it is the owner") {
        CHECK(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    }
}

}  // namespace latchkey
