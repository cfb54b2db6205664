// SPDX-License-Identifier: MIT
//
// Ordinary users take ways away, deny, and look after what they have, over the socket of the
// installed packages.
#include <pwd.h>

#include <algorithm>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/system/comes_true.hpp"
#include "tests/system/owner.hpp"

namespace latchkey {

using nlohmann::json;

namespace {

constexpr std::time_t kDay = 86'400;

}  // namespace

TEST_CASE("an address that its owner removes counts for a while, and another one keeps it") {
    EnrolledOwnersHost host;
    host.machine.enroll_email("ada", "ada@example.net");
    {
        Terminal terminal{as_user("ada", {"remove", "email"})};
        prove_by_saved_code(terminal, host.saved_codes.at(0));
        terminal.expect("more than one address of that method; name the one");
        CHECK(status_of(terminal) == 1);
    }
    {
        Terminal terminal{as_user("ada", {"remove", "email", "ada@example.org"})};
        prove_by_app(terminal, host.app_key);
        terminal.expect("You can get back in by email, a...a at e....org until ");
        CHECK(status_of(terminal) == 0);
    }
    std::string veto;
    for (int i = 0; i < 2; ++i) {
        const std::string text = host.machine.next_message().text;
        const bool is_other = text.find("To: ada@example.net") != std::string::npos;
        CHECK((text.find("latchkey deny ") != std::string::npos) == is_other);
        if (is_other) veto = part_behind(text, "latchkey deny ", 11);
    }
    CHECK_FALSE(way_of("email").at("gone_from").is_null());
    CHECK(counts_now("email"));
    Terminal terminal{as_user("ada", {"deny", veto})};
    terminal.expect("The change of that message is undone");
    CHECK(status_of(terminal) == 0);
    CHECK(way_of("email").at("gone_from").is_null());
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("\"that was not me\" without a code has what waits do so for a day longer, once") {
    EnrolledOwnersHost host;
    {
        Terminal terminal{as_user("ada", {"enroll", "email", "ada@example.net"})};
        prove_by_saved_code(terminal, host.saved_codes.at(0));
        confirm_address(host.machine, terminal);
    }
    {
        Terminal terminal{as_user("ada", {"codes", "--new"})};
        prove_by_app(terminal, host.app_key);
        terminal.expect("until then earlier codes stay good");
        CHECK(status_of(terminal) == 0);
    }
    const auto waiting_from = [] {
        const json account = account_of();
        std::time_t latest = 0;
        for (const json& each : account.at("methods"))
            if (each.at("usable_from").is_string())
                latest = std::max(latest, time_in(each.at("usable_from")));
        return latest;
    };
    const std::time_t address = waiting_from();
    const std::time_t codes = time_in(account_of().at("saved_codes_from"));
    REQUIRE(address > std::time(nullptr));
    {
        Terminal terminal{as_user("ada", {"deny"})};
        type_password(terminal);
        terminal.expect("Recoveries that were open have ended");
        CHECK(status_of(terminal) == 0);
    }
    CHECK(waiting_from() == address + kDay);
    CHECK(time_in(account_of().at("saved_codes_from")) == codes + kDay);
    Terminal again{as_user("ada", {"deny"})};
    type_password(again);
    again.expect("that was said within a day already");
    CHECK(status_of(again) == 1);
    CHECK(waiting_from() == address + kDay);
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("codes for paper come with whose they are and where, and are ten") {
    OwnersHost host;
    CHECK(run_command(as_user("ada", {"codes"})).status == 2);
    Terminal terminal{as_user("ada", {"codes", "--new", "--print"})};
    type_password(terminal);
    terminal.expect("Recovery codes of ada on ");
    terminal.expect("Keep this sheet as you would keep a key.\n\n");
    const std::string codes = terminal.expect("\n\n");
    CHECK(std::count(codes.begin(), codes.end(), '\n') == 11);
    CHECK(status_of(terminal) == 0);
    CHECK(account_of().at("saved_codes_left") == 0);
    CHECK_FALSE(account_of().at("saved_codes_from").is_null());
}

TEST_CASE("owners see what happened to their account since a time, and nothing of others") {
    EnrolledOwnersHost host;
    host.machine.add_account("bob", old_password);
    host.machine.enroll_email("bob", "bob@example.org");
    const json lately = shown_to("ada", {"activity", "--since", "1h", "--json"});
    CHECK_FALSE(lately.at("records").empty());
    CHECK(lately.dump().find("bob") == std::string::npos);
    CHECK(shown_to("ada", {"activity", "--since", "2099-01-01", "--json"}).at("records").empty());
    CHECK(run_command(as_user("ada", {"activity", "--since", "yesterday"})).status == 2);
}

TEST_CASE("who wants no reminders has none for a while, which the policy may rule out") {
    OwnersHost host;
    host.machine.configure("[security_info]\nregistration = \"remind\"\n", "70-registration");
    const std::string file =
        "/var/lib/latchkey-acts/reminders/" + std::to_string(::getpwnam("ada")->pw_uid);
    const auto is_due = [&] { return file_text(file).find("register") != std::string::npos; };
    REQUIRE(signs_in_at_console(host.machine, "ada", old_password));
    REQUIRE(comes_true(is_due));
    const Completed later = run_command(as_user("ada", {"later"}));
    CHECK(later.status == 0);
    CHECK(later.out == "Your sign-ins remind you of nothing for a week.\n");
    {
        Terminal login = host.machine.console("ada");
        type_password(login);
        CHECK(host.machine.signed_in(login, "ada"));
        CHECK(login.transcript().find("You could not get back") == std::string::npos);
    }
    host.machine.configure("[security_info]\nregistration = \"require\"\n", "70-registration");
    const Completed refused = run_command(as_user("ada", {"later"}));
    CHECK(refused.status == 1);
    CHECK(refused.err.find("the administrator wants everybody to have a way back") !=
          std::string::npos);
}

TEST_CASE("a second removal that one address denies is the administrator's to decide") {
    EnrolledOwnersHost host;
    host.machine.configure("administrator_mail = [\"ops@example.net\"]\n", "60-ops");
    host.machine.enroll_email("ada", "ada@example.net");
    {
        Terminal terminal{as_user("ada", {"remove", "totp"})};
        prove_by_saved_code(terminal, host.saved_codes.at(0));
        terminal.expect("You can get back in by totp until ");
        CHECK(status_of(terminal) == 0);
    }
    {
        Terminal terminal{as_user("ada", {"remove", "email", "ada@example.org"})};
        prove_by_app(terminal, host.app_key);  // until it has gone
        terminal.expect("You can get back in by email, a...a at e....org until ");
        CHECK(status_of(terminal) == 0);
    }
    // Both were told before either was denied: what is denied stops changes for a day.
    std::string of_app;
    std::string of_address;
    for (int i = 0; i < 4; ++i) {
        const std::string text = host.machine.next_message().text;
        if (text.find("To: ada@example.net") == std::string::npos) continue;
        const bool is_app = text.find("removed an authenticator app") != std::string::npos;
        (is_app ? of_app : of_address) = part_behind(text, "latchkey deny ", 11);
    }
    CHECK(run_command(as_user("ada", {"deny", of_app})).status == 0);
    CHECK(way_of("totp").at("gone_from").is_null());
    const auto first_date = time_in(way_of("email").at("gone_from"));
    const Completed second = run_command(as_user("ada", {"deny", of_address}));
    CHECK(second.status == 1);
    CHECK(second.err.find("the administrator decides about") != std::string::npos);
    CHECK(time_in(way_of("email").at("gone_from")) == first_date + 30 * kDay);
    std::string told;
    CHECK(comes_true([&] {
        for (const DeliveredMessage& message : host.machine.take_messages()) told += message.text;
        return told.find("waits for you to decide") != std::string::npos;
    }));
    CHECK(told.find("To: ops@example.net") != std::string::npos);
    CHECK(told.find("latchkey enroll ada email ADDRESS") != std::string::npos);
    // As that mail and ADR 0017 promise.
    host.machine.enroll_email("ada", "ada@example.org");
    CHECK(way_of("email").at("gone_from").is_null());
    CHECK(counts_now("email"));
    must_run({"latchkey", "audit", "verify"});
}

}  // namespace latchkey
