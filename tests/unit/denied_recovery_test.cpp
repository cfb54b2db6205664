// SPDX-License-Identifier: MIT
//
// "That was not me", said with the code of a notice of a recovery: what it ends, and that nobody
// who holds one address keeps the owner out with it.
#include <string>
#include <vector>

#include "core/recovery_messages.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/change_world.hpp"

namespace latchkey {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const std::string kThiefs = "ada@example.com";  // also enrolled, and read by somebody else

struct Recovered {
    ChangeWorld world;
    std::string owners_code;
    std::string thiefs_code;

    Recovered() {
        world.vault.is_scattered = true;
        world.enrol_address(kAdasAddress);
        world.enrol_address(kThiefs);
        recover();
    }
    void recover() {
        world.clock.advance(minutes{2});
        REQUIRE(world.connect("1", world.sent_code()) == Outcome::Recovered);
        owners_code = world.veto_of(kAdasAddress);
        thiefs_code = world.veto_of(kThiefs);
        REQUIRE(owners_code.size() == 11);
        REQUIRE(thiefs_code.size() == 11);
    }
    // The address that counts, or waits, or goes.
    [[nodiscard]] const Contact* row_of(const std::string& address) {
        for (const Contact& each : rows = world.store.contacts("1001:ada").value()) {
            const auto plain = world.vault.unseal(
                world.request.subkey, contact_binding("1001:ada", each), each.sealed_address);
            if (plain && plain->reveal() == address) return &each;
        }
        return nullptr;
    }
    [[nodiscard]] bool can_change() {
        world.clock.advance(minutes{2});
        return world.change({ChangeWish::NewSavedCodes, {}, {}, {}}, "1", world.sent_code());
    }
    std::vector<Contact> rows;
};

}  // namespace

TEST_CASE("a notice of a recovery has a code of its own for every address, and no other code") {
    Recovered host;
    CHECK(host.owners_code != host.thiefs_code);
    for (const OutboxMessage& notice : host.world.messages(OutboxPurpose::Notice)) {
        CHECK(notice.code.empty());
        CHECK(notice.text.reveal().find(host.world.newest_code()) == std::string_view::npos);
        CHECK(notice.short_text.reveal().size() <= kMaxShortText);
    }
}

TEST_CASE("a recovery that is denied stops changes for a day, and is an alarm") {
    Recovered host;
    const bool at_login = GENERATE(true, false);
    if (at_login) {
        CHECK(host.world.reconnect(host.owners_code, "") == Outcome::Back);
        CHECK(host.world.seen.back().remark == Remark::RecoveryDenied);
    } else {
        CHECK(host.world.deny_by_owner(host.owners_code));
    }
    CHECK(host.world.log.has("recovery denied by who was told"));
    CHECK(host.world.log.has_alarm());
    const AuditRecord record = host.world.store.audit("1001:ada", 1).value().at(0);
    CHECK(record.event == "vetoed");
    CHECK(record.detail.starts_with("denied "));
    CHECK(host.world.notice_to(kAdasAddress).find("says that you did not want it") !=
          std::string::npos);
    CHECK(host.world.notice_to(kThiefs).find("says that you did not want it") != std::string::npos);
    CHECK_FALSE(host.can_change());
    CHECK(host.world.end.why.starts_with("nothing can be changed until "));
    CHECK_FALSE(host.world.deny_by_owner(host.owners_code));
    host.world.days_pass(1);
    CHECK(host.can_change());
}

TEST_CASE("a recovery that is denied ends those that are open, and the next one begins at once") {
    Recovered host;
    host.world.request.gates_needed = 2;
    host.world.give_saved_codes();
    host.world.clock.advance(minutes{2});
    REQUIRE(host.world.connect("1", host.world.sent_code()) == Outcome::Refused);
    const std::string resume_code = host.world.shown_resume_code();
    REQUIRE_FALSE(resume_code.empty());
    REQUIRE(host.world.deny_by_owner(host.owners_code));
    CHECK(host.world.reconnect(resume_code) == Outcome::ResumeUnknown);
    host.world.clock.advance(minutes{2});
    CHECK(host.world.connect("1", host.world.sent_code(), "2", kSavedCode) == Outcome::Recovered);
}

TEST_CASE("a recovery that is denied ends what was changed since, and nothing of before") {
    ChangeWorld world;
    world.vault.is_scattered = true;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.enrol_by_owner("before@example.net", "1", world.sent_code(), world.sent_code()));
    world.clock.advance(minutes{2});
    REQUIRE(world.connect("1", world.sent_code()) == Outcome::Recovered);
    const std::string code = world.veto_of(kAdasAddress);
    world.clock.advance(minutes{2});
    REQUIRE(world.enrol_by_owner("since@example.net", "1", world.sent_code(), world.sent_code()));
    world.clock.advance(minutes{15});
    REQUIRE(world.change({ChangeWish::NewSavedCodes, {}, {}, {}}, "1", world.sent_code()));
    REQUIRE(world.deny_by_owner(code));
    CHECK(world.end.ends_codes);
    CHECK(world.store.contacts("1001:ada").value().size() == 2);
}

TEST_CASE("everybody who was told of a recovery is heard, whoever was first") {
    Recovered host;
    REQUIRE(host.world.deny_by_owner(host.thiefs_code));
    CHECK(host.world.deny_by_owner(host.owners_code));
}

TEST_CASE("every denial is told to every address, also one that ends nothing more") {
    Recovered host;
    REQUIRE(host.world.deny_by_owner(host.thiefs_code));
    CHECK(host.world.notice_to(kAdasAddress).find("has ended, and so has") != std::string::npos);
    host.world.days_pass(1);
    host.recover();
    const auto before = host.world.messages(OutboxPurpose::Notice).size();
    REQUIRE(host.world.deny_by_owner(host.thiefs_code));
    CHECK(host.world.messages(OutboxPurpose::Notice).size() == before + 2);
    for (const std::string& address : {kAdasAddress, std::string{kThiefs}})
        CHECK(host.world.notice_to(address).find("so nothing has ended this\ntime") !=
              std::string::npos);
    // A code tells once: nobody is kept busy by one.
    CHECK_FALSE(host.world.deny_by_owner(host.thiefs_code));
    CHECK(host.world.messages(OutboxPurpose::Notice).size() == before + 2);
}

TEST_CASE("nobody keeps their own address by denying a recovery of before its removal") {
    Recovered host;
    host.world.clock.advance(minutes{2});
    REQUIRE(host.world.remove_by_owner(kThiefs, "1", host.world.sent_code()));
    REQUIRE(host.row_of(kThiefs)->gone_from != TimePoint{});
    REQUIRE(host.world.deny_by_owner(host.thiefs_code));
    CHECK(host.row_of(kThiefs)->gone_from != TimePoint{});
    SECTION("but whoever else was told ends it") {
        REQUIRE(host.world.deny_by_owner(host.owners_code));
        CHECK(host.row_of(kThiefs)->gone_from == TimePoint{});
    }
}

TEST_CASE("who denies a recovery each day does not keep the owner from changing or recovering") {
    Recovered host;
    REQUIRE(host.world.deny_by_owner(host.thiefs_code));
    host.world.days_pass(1);
    host.recover();
    REQUIRE(host.world.connect("1") == Outcome::Refused);  // open
    REQUIRE(host.world.deny_by_owner(host.thiefs_code));
    CHECK(host.can_change());
    host.recover();
    host.world.days_pass(31);
    host.recover();
    REQUIRE(host.world.deny_by_owner(host.thiefs_code));
    CHECK_FALSE(host.can_change());
}

TEST_CASE("a recovery is denied for seven days") {
    Recovered host;
    host.world.clock.advance(kDeniable - std::chrono::seconds{1});
    SECTION("within them") {
        CHECK(host.world.deny_by_owner(host.owners_code));
    }
    SECTION("and not behind them") {
        host.world.clock.advance(std::chrono::seconds{1});
        CHECK_FALSE(host.world.deny_by_owner(host.owners_code));
    }
}

TEST_CASE("neither an address that waits nor a recovery contact denies a recovery") {
    ChangeWorld world;
    world.vault.is_scattered = true;
    world.enrol_address(kAdasAddress);
    world.settings.methods["contact"] = {
        "E-mail my recovery contact", MethodKind::Delivery, {"mail"}, minutes{10}};
    world.settings.methods["contact"].recovery_contact = true;
    world.enrol("contact", "ben@example.net");
    REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    world.clock.advance(minutes{2});
    REQUIRE(world.connect("1", world.sent_code()) == Outcome::Recovered);
    CHECK_FALSE(world.veto_of(kAdasAddress).empty());
    CHECK_FALSE(world.notice_to(kNewAddress).empty());
    CHECK(world.veto_of(kNewAddress).empty());
    CHECK(world.veto_of("ben@example.net").empty());
}

TEST_CASE("who says every day that it was not them does not keep what their owner removes") {
    Recovered host;
    host.world.clock.advance(minutes{2});
    REQUIRE(host.world.remove_by_owner(kThiefs, "1", host.world.sent_code()));
    const TimePoint begun = host.world.clock.now();
    for (int day = 0; day < 5; ++day) {
        REQUIRE(host.world.deny_by_owner());
        host.world.days_pass(1);
    }
    CHECK(host.row_of(kThiefs)->gone_from == begun + days{8});
}

TEST_CASE("ten changes a day do not keep the owner from a removal") {
    Recovered host;
    LimitSettings& limits = host.world.settings.limits;
    limits.starts_per_source_hour = 100;
    limits.sends_per_hour = limits.sends_per_ten_minutes = limits.sends_per_day = 100;
    for (int i = 0; i < 10; ++i) REQUIRE(host.can_change());
    CHECK_FALSE(host.can_change());
    CHECK(host.world.remove_by_owner(kThiefs, "1", host.world.sent_code()));
}

}  // namespace latchkey
