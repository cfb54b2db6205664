// SPDX-License-Identifier: MIT
//
// Signals at every step of a conversation at the console, and a line that is cut (H6, T32,
// P7): nobody else waits, the store is not locked, nothing is half written, and nobody sees
// half a password. What who was cut off finds afterwards is in interrupted_test.cpp.
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

struct Interruption {
    const char* name;
    std::function<void(Terminal&)> happens;
    bool stops = false;  // the login stays, and does nothing
};

using std::chrono::milliseconds;
using std::chrono::steady_clock;
// SQLite's 3 s for a store that is locked do not fit in.
constexpr milliseconds most{1000};

// ada, and as many others as it takes: one password is reset a day.
class Town {
public:
    Enrolled host;
    Machine& machine = host.machine;

    // How long it took.
    milliseconds somebody_else_recovers() {
        const std::string name = "other" + std::to_string(people_++);
        machine.add_account(name, old_password);
        machine.enroll_email(name, name + "@example.org");
        const auto began = steady_clock::now();
        Terminal login = machine.console(name);
        prove(machine, login, name);
        choose_password(login, new_password);
        CHECK(machine.signed_in(login, name));
        const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
        CHECK(machine.password_is(name, new_password));
        return took;
    }

private:
    int people_ = 0;
};

// How much longer another person takes beside ada's login, which is interrupted at `step`.
milliseconds delay_of_another(Town& town, const Step& step, const Interruption& interruption) {
    const milliseconds alone = town.somebody_else_recovers();
    Terminal login = town.machine.console("ada");
    step.go_there(town.machine, login);
    interruption.happens(login);
    if (interruption.stops) CHECK(comes_true([&] { return state_of(login.pid()) == 'T'; }));
    milliseconds beside = town.somebody_else_recovers();
    // A busy machine may be late by itself.
    if (beside >= alone + most) beside = town.somebody_else_recovers();
    CHECK((state_of(login.pid()) == 'T') == interruption.stops);
    ::kill(-login.pid(), SIGCONT);
    return beside - alone;
}

void interrupt_at_every_step(const Interruption& interruption) {
    Town town;
    Machine& machine = town.machine;
    const std::string field = machine.password_field("ada");
    milliseconds longest = milliseconds::min();
    for (const Step& step : steps) {
        CAPTURE(step.name);
        const milliseconds delay = delay_of_another(town, step, interruption);
        CHECK(delay < most);
        longest = std::max(longest, delay);
        CHECK(latchkey_comes_to_rest());
        CHECK(machine.password_field("ada") == field);
    }
    // All of it cost the interrupted person nothing.
    Terminal login = machine.console("ada");
    prove(machine, login, "ada");
    choose_password(login, new_password);
    CHECK(machine.signed_in(login, "ada"));
    evidence("H6 signals",
             std::string(interruption.name) + " at each of " + std::to_string(steps.size()) +
                 " steps of the console",
             "another person recovered beside each, " + std::to_string(longest.count()) +
                 " ms later at most, nothing written, nothing left");
}

// Neither shown nor logged, and no part of what is typed next.
constexpr const char* half_a_password = "half a passw";

void type_half_a_password(Machine& machine, Terminal& login) {
    prove(machine, login, "ada");
    login.expect("New password: ");
    login.send(half_a_password);
}

void check_half_is_nowhere(Machine& machine, Terminal& next) {
    next.expect("Password: ");
    next.send_line(old_password);
    CHECK(machine.signed_in(next, "ada"));
    CHECK(machine.log().find("ada") != std::string::npos);
    CHECK(machine.log().find(half_a_password) == std::string::npos);
    CHECK(next.transcript().find(half_a_password) == std::string::npos);
}

}  // namespace

TEST_CASE("^Z at any step of the console holds up nobody else") {
    // Which stops no login: nobody would be there to let it go on.
    interrupt_at_every_step({"^Z", [](Terminal& login) { login.send("\x1a"); }});
}

TEST_CASE("^C at any step of the console holds up nobody else") {
    interrupt_at_every_step({"^C", [](Terminal& login) { login.send_interrupt(); }});
}

TEST_CASE("SIGTERM at any step of the console holds up nobody else") {
    interrupt_at_every_step({"SIGTERM", [](Terminal& login) { ::kill(login.pid(), SIGTERM); }});
}

TEST_CASE("a foreground group that is stopped at any step of the console holds up nobody else") {
    interrupt_at_every_step(
        {"SIGSTOP", [](Terminal& login) { ::kill(-login.pid(), SIGSTOP); }, true});
}

TEST_CASE("a line that is cut at any step of the console holds up nobody else") {
    interrupt_at_every_step({"a hang-up", [](Terminal& login) { login.hang_up(); }});
}

TEST_CASE("half a new password is seen nowhere when SIGTERM ends its login") {
    Enrolled host;
    // The next login is on the same terminal, as after getty; the half that was typed still
    // lies in it, and who does not throw it away, as login does, would read it.
    Terminal terminal({"/bin/sh", "-c",
                       "/bin/sh -c 'echo $$ >/run/first; exec /usr/bin/login ada'; "
                       "exec /usr/bin/login ada"});
    type_half_a_password(host.machine, terminal);
    REQUIRE(::kill(std::stoi(file_text("/run/first")), SIGTERM) == 0);
    check_half_is_nowhere(host.machine, terminal);
}

TEST_CASE("half a new password is seen nowhere when the line is cut") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    type_half_a_password(host.machine, login);
    login.hang_up();
    REQUIRE(latchkey_comes_to_rest());
    CHECK(login.transcript().find(half_a_password) == std::string::npos);
    Terminal next = host.machine.console("ada");
    check_half_is_nowhere(host.machine, next);
}

TEST_CASE("who is stopped at the new password and goes on later finishes the recovery") {
    Town town;
    Terminal login = town.machine.console("ada");
    prove(town.machine, login, "ada");
    login.expect("New password: ");
    ::kill(-login.pid(), SIGSTOP);
    static_cast<void>(town.somebody_else_recovers());
    ::kill(-login.pid(), SIGCONT);
    login.send_line(new_password);
    login.expect("Retype new password: ");
    login.send_line(new_password);
    CHECK(town.machine.signed_in(login, "ada"));
    CHECK(town.machine.password_is("ada", new_password));
}

}  // namespace latchkey
