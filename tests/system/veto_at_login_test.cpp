// SPDX-License-Identifier: MIT
//
// Who reads that somebody else changes their ways back in, and cannot sign in, ends it at a real
// login prompt.
#include <string>

#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/ssh_server.hpp"

namespace latchkey {
namespace {

constexpr const char* old_address = "ada@example.com";

// The code behind "latchkey deny " in the next message.
std::string veto_in_next_message(Machine& machine) {
    const std::string text = machine.next_message().text;
    const std::string label = "latchkey deny ";
    const auto at = text.find(label);
    INFO(text);
    REQUIRE(at != text.npos);
    return text.substr(at + label.size(), 11);
}

void get_back_in(Machine& machine) {
    Terminal login = machine.console("ada");
    prove_at_console(machine, login);
    choose_password(login, new_password);
    CHECK(machine.signed_in(login, "ada"));
}

// The first question of a login, answered.
void type_at_first_question(Terminal& login, const std::string& code) {
    login.expect("Password: ");
    login.send_line("");
    login.expect("or type your resume code (Enter to go back): ");
    login.send_line(code);
}

std::string audit_of_ada() {
    return run_command({"/usr/bin/latchkey", "audit", "ada", "--json"}).out;
}

}  // namespace

TEST_CASE("a veto is typed at a console, by who cannot sign in") {
    Machine machine;
    machine.add_account("ada", "correct horse battery");
    machine.set_up();
    machine.enroll_email("ada", old_address);
    get_back_in(machine);
    const std::string code = veto_in_next_message(machine);
    {
        Terminal login = machine.console("ada");
        type_at_first_question(login, "BCDFG-HJKLX");
        login.expect("No recovery can be resumed with that code here and now.");
        login.expect("or type your resume code (Enter to go back): ");
        login.send_line(code);
        login.expect("That was heard, and what was open has ended.");
        login.expect("Press Enter to go back: ");
        login.send_line("");
        login.expect("Password: ");
    }
    CHECK(audit_of_ada().find("\"denied\"") != std::string::npos);
    const std::string notice = machine.next_message().text;
    CHECK(notice.find("says that you did not want it") != std::string::npos);
    CHECK(run_command({"/usr/bin/latchkey", "audit", "verify"}).status == 0);
    // In the menu a used code is like any other that is none.
    Terminal login = machine.console("ada");
    ask_for_recovery(login);
    login.expect("Choose 1-3 (Enter to go back): ");
    login.send_line(code);
    login.expect("That was not right. Please try again.");
    login.expect("Choose 1-3 (Enter to go back): ");
}

TEST_CASE("a veto is typed over ssh, and what is none looks like an address for every name") {
    Machine machine;
    machine.add_account("ada", "correct horse battery");
    machine.set_up();
    machine.enroll_email("ada", old_address);
    get_back_in(machine);
    const std::string code = veto_in_next_message(machine);
    SshServer server;
    for (const char* name : {"ada", "nobody-of-that-name"}) {
        Terminal login = server.connect(name);
        ask_for_recovery(login);
        type_address(login, "BCDFG-HJKLX");
        login.expect("If that is right, a code is on its way.");
    }
    Terminal login = server.connect("ada");
    ask_for_recovery(login);
    type_address(login, code);
    login.expect("That was heard, and what was open has ended.");
    CHECK(audit_of_ada().find("\"denied\"") != std::string::npos);
}

}  // namespace latchkey
