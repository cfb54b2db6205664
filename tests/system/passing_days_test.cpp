// SPDX-License-Identifier: MIT
//
// What comes about with time, on a host where it has passed: what waited counts, addresses are
// to be confirmed anew and expire, codes run out.
#include <pwd.h>

#include <string>

#include "tests/support/catch.hpp"
#include "tests/system/comes_true.hpp"
#include "tests/system/days_ahead.hpp"
#include "tests/system/owner.hpp"

namespace latchkey {
namespace {

constexpr const char* kAsks = "Do you still get what is sent to a...a at e....org?";
constexpr const char* kFewCodes = "You have 3 recovery codes left. Make new ones: latchkey codes";

// A sign-in at the console; what was shown there until the shell.
std::string signed_in(Machine& machine) {
    Terminal login = machine.console("ada");
    type_password(login);
    CHECK(machine.signed_in(login, "ada"));
    return login.transcript();
}

// What the root side will say at ada's next sign-in.
std::string reminders() {
    return file_text("/var/lib/latchkey-acts/reminders/" +
                     std::to_string(::getpwnam("ada")->pw_uid));
}

// Spends a saved code on a change that comes to nothing.
void spend(const std::string& code) {
    Terminal terminal{as_user("ada", {"remove", "nothing"})};
    prove_by_saved_code(terminal, code);
    terminal.expect("has no such address");
    CHECK(status_of(terminal) == 1);
}

}  // namespace

TEST_CASE("an address that its owner set up opens the account after its seven days") {
    OwnersHost host;
    {
        Terminal terminal{as_user("ada", {"enroll", "email", "ada@example.org"})};
        type_password(terminal);
        confirm_address(host.machine, terminal);
    }
    let_days_pass(6);
    CHECK_FALSE(counts_now("email"));
    let_days_pass(8);
    CHECK(counts_now("email"));
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("after half a year a sign-in asks about an address, which its owner confirms") {
    OwnersHost host;
    host.machine.configure("[security_info]\nregistration = \"remind\"\n", "70-registration");
    host.machine.enroll_email("ada", "ada@example.org");
    (void)host.machine.new_saved_codes("ada");
    const auto confirm = [] { return Terminal{as_user("ada", {"confirm"})}; };
    {
        Terminal early = confirm();
        type_password(early);
        early.expect("no address waits to be confirmed");
        CHECK(status_of(early) == 1);
    }
    let_days_pass(181);
    CHECK(signed_in(host.machine).find(kAsks) == std::string::npos);  // it has not looked before
    REQUIRE(comes_true([] { return reminders().find(kAsks) != std::string::npos; }));
    {
        Terminal login = host.machine.console("ada");
        type_password(login);
        login.expect(kAsks);
        login.send_line("");
        CHECK(host.machine.signed_in(login, "ada"));
    }
    Terminal confirmed = confirm();
    type_password(confirmed);
    confirmed.expect("Confirmed: a...a at e....org, which count until ");
    CHECK(status_of(confirmed) == 0);
    CHECK(reminders().find(kAsks) == std::string::npos);
    let_days_pass(181 + 729);
    CHECK(way_of("email").at("expired") == false);
    let_days_pass(181 + 731);
    CHECK(way_of("email").at("expired") == true);
    CHECK(account_of().at("ways") == 1);  // the codes
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("when three saved codes are left the next sign-ins say so, until there are new ones") {
    EnrolledOwnersHost host;
    // On a day each: one a second is compared.
    for (int day = 0; day < 7; ++day) {
        let_days_pass(day);
        spend(host.saved_codes.at(static_cast<std::size_t>(day)));
    }
    CHECK(account_of().at("saved_codes_left") == 3);
    CHECK(signed_in(host.machine).find(kFewCodes) == std::string::npos);
    REQUIRE(comes_true([] { return reminders().find(kFewCodes) != std::string::npos; }));
    CHECK(signed_in(host.machine).find(kFewCodes) != std::string::npos);
    let_days_pass(7);
    Terminal terminal{as_user("ada", {"codes", "--new"})};
    prove_by_saved_code(terminal, host.saved_codes.at(7));
    terminal.expect("until then earlier codes stay good");
    CHECK(status_of(terminal) == 0);
    CHECK(signed_in(host.machine).find("recovery codes left") == std::string::npos);
}

}  // namespace latchkey
