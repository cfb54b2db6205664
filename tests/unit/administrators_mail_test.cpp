// SPDX-License-Identifier: MIT
//
// What those who run the host are told by mail about an account.
#include "core/administrators_mail.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/change_world.hpp"

using namespace latchkey;
using std::chrono::days;

namespace {

void hand_mail_to(ChangeWorld& world, const std::string& plugin, const std::string& server) {
    ChannelSettings& channel = world.settings.channels["mail"];
    channel.plugin = plugin;
    channel.options = {{"server", server}};
}

std::ptrdiff_t times_told(const ChangeWorld& world, const std::string& address) {
    const auto all = world.messages(OutboxPurpose::Notice);
    return std::count_if(all.begin(), all.end(),
                         [&](const OutboxMessage& message) { return message.to == address; });
}

void recover_as_administrator(ChangeWorld& world) {
    if (world.settings.channels.empty()) hand_mail_to(world, "email", "mail.example.org");
    world.request.privileged = true;
    world.request.gates_needed = 2;
    world.enrol_everything();
    REQUIRE(world.connect("1", world.sent_code(), "1", kSavedCode) == Outcome::Recovered);
}

}  // namespace

TEST_CASE("a recovery of who can become root is told to every address of the administrators") {
    ChangeWorld world;
    world.settings.administrator_mail = {"ops@example.org", "night@example.org"};
    recover_as_administrator(world);
    for (const char* address : {"ops@example.org", "night@example.org"}) {
        const std::string text = world.notice_to(address);
        CHECK(text.find("You run host.example.org. Somebody proved at a login prompt to be ada, "
                        "who can") == 0);
        CHECK(text.find("become root there, and may now choose a new password") != text.npos);
        CHECK(text.find("latchkey deny") == text.npos);
    }
    // Its owner as well.
    CHECK_FALSE(world.veto_of(kAdasAddress).empty());
}

TEST_CASE(
    "administrators are told by people's own method of e-mail before that of their contacts") {
    ChangeWorld world;
    world.settings.administrator_mail = {"ops@example.org"};
    world.settings.methods["contact"] = world.settings.methods["email"];
    world.settings.methods["contact"].recovery_contact = true;
    recover_as_administrator(world);
    const auto rows = world.store.outbox();
    const auto to_administrators = std::count_if(
        rows.begin(), rows.end(), [](const auto& row) { return row.method == "contact"; });
    CHECK(to_administrators == 0);
    CHECK_FALSE(world.notice_to("ops@example.org").empty());
}

TEST_CASE("an ordinary account's recovery is no administrator's business") {
    ChangeWorld world;
    world.settings.administrator_mail = {"ops@example.org"};
    world.enrol_address(kAdasAddress);
    REQUIRE(world.connect("1", world.sent_code()) == Outcome::Recovered);
    CHECK(world.notice_to("ops@example.org").empty());
}

TEST_CASE("an owner's first way is told to the mailbox that they have on this host, with a veto") {
    ChangeWorld world;
    SECTION("by a server on loopback") {
        hand_mail_to(world, "email", "127.0.0.1");
        REQUIRE(world.enrol_by_owner(kNewAddress, world.sent_code()));
        CHECK(world.end.is_first);
        CHECK_FALSE(world.veto_of("ada@localhost").empty());
    }
    SECTION("not by a server elsewhere") {
        hand_mail_to(world, "email", "mail.example.org");
        REQUIRE(world.enrol_by_owner(kNewAddress, world.sent_code()));
        CHECK(world.end.is_first);
        CHECK(world.messages(OutboxPurpose::Notice).empty());
    }
}

TEST_CASE("without addresses root's mailbox is told, where this host has one") {
    ChangeWorld world;
    SECTION("by a server on loopback") {
        hand_mail_to(world, "email", "127.0.0.1");
        recover_as_administrator(world);
        CHECK_FALSE(world.notice_to("root@localhost").empty());
    }
    // Which is a program, and gets nothing about who can become root.
    SECTION("not by the host's own mailer") {
        hand_mail_to(world, "sendmail", "");
        world.settings.channels["mail"].profile = Profile::Program;
        recover_as_administrator(world);
        CHECK(world.notice_to("root@localhost").empty());
    }
    SECTION("not where a server elsewhere stands in") {
        hand_mail_to(world, "email", "::1");
        world.settings.channels["away"].plugin = "email";
        world.settings.channels["away"].options = {{"server", "mail.example.org"}};
        world.settings.methods["email"].channels = {"mail", "away"};
        recover_as_administrator(world);
        CHECK(world.notice_to("root@localhost").empty());
    }
    SECTION("not by a server elsewhere") {
        hand_mail_to(world, "email", "mail.example.org");
        recover_as_administrator(world);
        CHECK(world.messages(OutboxPurpose::Notice).size() == 1);
    }
}

TEST_CASE("a removal that one address denies twice is put to the administrators") {
    ChangeWorld world;
    hand_mail_to(world, "email", "mail.example.org");
    world.settings.administrator_mail = {"ops@example.org"};
    world.enrol_address(kAdasAddress);
    world.enrol_address("ada@example.com");
    REQUIRE(world.remove_and_deny(kAdasAddress, "ada@example.com"));
    CHECK(world.notice_to("ops@example.org").empty());
    world.days_pass(2);
    CHECK_FALSE(world.remove_and_deny(kAdasAddress, "ada@example.com"));
    const std::string text = world.notice_to("ops@example.org");
    CHECK(text.find("ada has removed the e-mail address a") != text.npos);
    CHECK(text.find("latchkey remove ada email ADDRESS") != text.npos);
    CHECK(text.find("latchkey enroll ada email ADDRESS") != text.npos);
    const auto gone_from = world.store.contacts("1001:ada").value().front().gone_from;
    CHECK(text.find("The way goes on\n" + utc_text(gone_from)) != text.npos);
    // Once: the code is used up.
    CHECK(times_told(world, "ops@example.org") == 1);
}

TEST_CASE("of one removal administrators are told once, however many addresses deny it") {
    ChangeWorld world;
    hand_mail_to(world, "email", "mail.example.org");
    world.settings.administrator_mail = {"ops@example.org"};
    world.enrol_address(kAdasAddress);
    world.enrol_address("ada@example.com");
    world.enrol_address("ada@example.edu");
    const auto vetoes = [&world] {
        return std::pair{world.veto_of("ada@example.com"), world.veto_of("ada@example.edu")};
    };
    // Each of the two has denied something before.
    for (int i = 0; i < 2; ++i) {
        REQUIRE(world.remove_by_owner(kAdasAddress, "1", world.sent_code()));
        const auto [first, second] = vetoes();
        REQUIRE(world.deny_by_owner(i == 0 ? first : second));
        world.days_pass(2);
    }
    REQUIRE(world.remove_by_owner(kAdasAddress, "1", world.sent_code()));
    const auto [first, second] = vetoes();
    CHECK_FALSE(world.deny_by_owner(first));
    CHECK_FALSE(world.deny_by_owner(second));
    CHECK(times_told(world, "ops@example.org") == 1);
}
