// SPDX-License-Identifier: MIT
//
// Signals at every step of a conversation at the console (H6, T32, P7): nobody
// else waits, the store is not locked, nothing is half written. Lines that are cut
// are in interrupted_test.cpp.
#include <signal.h>

#include <functional>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

void prove(Machine& machine, Terminal& login, const std::string& name) {
    ask_for_recovery(login);
    choose(login, "E-mail");
    type_code(login, code_for(machine, name));
}

struct Step {
    const char* name;
    std::function<void(Machine&, Terminal&)> go_there;
};

const std::vector<Step> steps{
    {"at the password", [](Machine&, Terminal& login) { login.expect("Password: "); }},
    {"at the reason",
     [](Machine&, Terminal& login) {
         login.expect("Password: ");
         login.send_line("");
         login.expect("(Enter to go back): ");
     }},
    {"at the menu",
     [](Machine&, Terminal& login) {
         ask_for_recovery(login);
         login.expect("(Enter to go back): ");
     }},
    {"at the code",
     [](Machine& machine, Terminal& login) {
         ask_for_recovery(login);
         choose(login, "E-mail");
         static_cast<void>(code_for(machine, "ada"));
         login.expect("Code: ");
     }},
    {"at the new password",
     [](Machine& machine, Terminal& login) {
         prove(machine, login, "ada");
         login.expect("New password: ");
     }},
    {"at its repetition",
     [](Machine& machine, Terminal& login) {
         prove(machine, login, "ada");
         login.expect("New password: ");
         login.send_line(new_password);
         login.expect("Retype new password: ");
     }},
};

using Interruption = std::function<void(Terminal&)>;

// Another person, named anew each time because one password is reset a day.
void somebody_else_recovers(Machine& machine, const std::string& name) {
    machine.add_account(name, old_password);
    machine.enroll_email(name, name + "@example.org");
    Terminal login = machine.console(name);
    prove(machine, login, name);
    choose_password(login, new_password);
    CHECK(machine.signed_in(login, name));
    CHECK(machine.password_is(name, new_password));
}

void interrupt_at_every_step(const std::string& name, const Interruption& happens) {
    Enrolled host;
    const std::string field = host.machine.password_field("ada");
    int tried = 0;
    for (const Step& step : steps) {
        CAPTURE(step.name);
        {
            Terminal login = host.machine.console("ada");
            step.go_there(host.machine, login);
            happens(login);
            somebody_else_recovers(host.machine, "other" + std::to_string(tried++));
            CHECK(host.machine.password_field("ada") == field);
            ::kill(-login.pid(), SIGCONT);
        }
        CHECK(latchkey_comes_to_rest());
        CHECK(host.machine.password_field("ada") == field);
    }
    // All of it cost the interrupted person nothing.
    Terminal login = host.machine.console("ada");
    prove(host.machine, login, "ada");
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    evidence("H6 signals", name + " at each of " + std::to_string(tried) + " steps of the console",
             "another person recovered beside each, nothing written, nothing left");
}

}  // namespace

TEST_CASE("^Z at any step of the console holds up nobody else") {
    interrupt_at_every_step("^Z", [](Terminal& login) { login.send("\x1a"); });
}

TEST_CASE("^C at any step of the console holds up nobody else") {
    interrupt_at_every_step("^C", [](Terminal& login) { login.send_interrupt(); });
}

TEST_CASE("SIGTERM at any step of the console holds up nobody else") {
    interrupt_at_every_step("SIGTERM", [](Terminal& login) { ::kill(login.pid(), SIGTERM); });
}

TEST_CASE("a foreground group that is stopped at any step of the console holds up nobody else") {
    interrupt_at_every_step("SIGSTOP", [](Terminal& login) { ::kill(-login.pid(), SIGSTOP); });
}

TEST_CASE("who is stopped at the new password and goes on later finishes the recovery") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    prove(host.machine, login, "ada");
    login.expect("New password: ");
    ::kill(-login.pid(), SIGSTOP);
    somebody_else_recovers(host.machine, "ben");
    ::kill(-login.pid(), SIGCONT);
    login.send_line(new_password);
    login.expect("Retype new password: ");
    login.send_line(new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
}

}  // namespace latchkey
