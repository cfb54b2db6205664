// SPDX-License-Identifier: MIT
#include "core/reminding.hpp"

#include <string>
#include <vector>

#include "core/announcement_rows.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

// An account that has all it needs.
WaysBack all_right() {
    WaysBack ways;
    ways.eligible = true;
    ways.there = 2;
    ways.needed = 2;
    ways.codes_left = 10;
    return ways;
}

std::vector<ReminderKind> kinds(const WaysBack& ways,
                                Registration registration = Registration::Remind) {
    std::vector<ReminderKind> kinds;
    for (const Reminder& reminder : reminders_for(ways, registration)) {
        CAPTURE(reminder.text);
        CHECK(can_be_announced(reminder.text));
        kinds.push_back(reminder.kind);
    }
    CHECK(kinds.size() <= kMostReminders);
    return kinds;
}

}  // namespace

TEST_CASE("whoever has all they need is reminded of nothing") {
    CHECK(kinds(all_right()).empty());
    CHECK(kinds(all_right(), Registration::Require).empty());
}

TEST_CASE("who has too few ways back is reminded to set one up, where the policy says so") {
    for (const std::size_t there : {0U, 1U}) {
        WaysBack ways = all_right();
        ways.there = there;
        CHECK(kinds(ways) == std::vector{ReminderKind::Register});
        CHECK(kinds(ways, Registration::Require) == std::vector{ReminderKind::Register});
        CHECK(kinds(ways, Registration::Off).empty());
    }
}

TEST_CASE("an account that cannot recover is reminded of nothing") {
    WaysBack ways = all_right();
    ways.eligible = false;
    ways.there = 0;
    ways.codes_left = 1;
    ways.to_confirm = {"a...a at e....org"};
    CHECK(kinds(ways).empty());
}

TEST_CASE("who can become root is told whom to ask for a first way, and can add a second") {
    WaysBack ways = all_right();
    ways.privileged = true;
    ways.there = 0;
    ways.codes_left = 0;
    CHECK(kinds(ways) == std::vector{ReminderKind::Told});
    CHECK(reminders_for(ways, Registration::Remind).front().text.find("administrator") !=
          std::string::npos);
    ways.there = 1;
    CHECK(kinds(ways) == std::vector{ReminderKind::Register, ReminderKind::Told});
}

TEST_CASE("few recovery codes are told of, unless new ones wait already") {
    WaysBack ways = all_right();
    for (std::uint32_t left = 0; left <= 10; ++left) {
        ways.codes_left = left;
        CAPTURE(left);
        CHECK(kinds(ways, Registration::Off).size() == (left >= 1 && left <= kFewCodes ? 1 : 0));
    }
    ways.codes_left = 1;
    ways.codes_wait = true;
    CHECK(kinds(ways).empty());
}

TEST_CASE("addresses that nobody has confirmed for long are named, and asked about by policy") {
    WaysBack ways = all_right();
    ways.to_confirm = {"a...a at e....org", "the phone that ends in 23"};
    CHECK(kinds(ways) == std::vector{ReminderKind::Confirm});
    CHECK(kinds(ways, Registration::Off) == std::vector{ReminderKind::Told});
    CHECK(reminders_for(ways, Registration::Off).front().text ==
          "Do you still get what is sent to a...a at e....org and the phone that ends in 23? "
          "Then: latchkey confirm. If not: latchkey remove");
    // What cannot be named is not asked about.
    ways.to_confirm = {std::string(180, 'x'), "short"};
    CHECK(kinds(ways) == std::vector{ReminderKind::Told});
    ways.to_confirm = {"caf\xc3\xa9"};
    CHECK(kinds(ways) == std::vector{ReminderKind::Told});
}

TEST_CASE("an address is due to be confirmed after half a year, until it has expired") {
    using std::chrono::days;
    using std::chrono::seconds;
    constexpr TimePoint kEnrolled{seconds{1'700'000'000}};
    Settings settings;
    settings.methods["email"] = MethodSettings{};
    Contact contact;
    contact.method = "email";
    contact.confirmed_at = kEnrolled;
    contact.usable_from = kEnrolled + days{7};
    const auto is_due = [&](auto after) {
        return confirmation_is_due(contact, settings, kEnrolled + after);
    };
    CHECK_FALSE(is_due(days{180} - seconds{1}));
    CHECK(is_due(days{180}));
    CHECK(is_due(days{730} - seconds{1}));
    CHECK_FALSE(is_due(days{730}));
    SECTION("one that is going is not asked about") {
        contact.gone_from = kEnrolled + days{700};
        CHECK_FALSE(is_due(days{180}));
    }
    SECTION("nor one that waits") {
        contact.usable_from = kEnrolled + days{200};
        CHECK_FALSE(is_due(days{180}));
    }
    SECTION("nobody is asked where the policy says so") {
        settings.security_info.reconfirm_after = days{0};
        CHECK_FALSE(is_due(days{700}));
    }
    SECTION("nor about a device, a trusted person's address, or a method that is gone") {
        settings.methods["email"].kind = MethodKind::Approval;
        CHECK_FALSE(is_due(days{180}));
        settings.methods["email"] = MethodSettings{};
        settings.methods["email"].recovery_contact = true;
        CHECK_FALSE(is_due(days{180}));
        settings.methods.clear();
        CHECK_FALSE(is_due(days{180}));
    }
}
