// SPDX-License-Identifier: MIT
//
// A verifier that was taken over holds the store, which its sandbox cannot forbid, and
// rests: who knows the password signs in as ever, everybody else's recovery is refused
// in seconds, and works when its person has left or the monitor has ended it.
#include <security/pam_appl.h>

#include <algorithm>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/forked.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/hostile_verifier.hpp"
#include "tests/system/pam_login.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr const char* unavailable = "Getting back into your account does not work now.";
constexpr milliseconds most_for_a_password{100};
// A busy machine alone moves a median: a measurement out of the bound is made once more.
constexpr int logins_of_each = 15;
constexpr seconds at_once{2};
// What the monitor leaves a verifier whose person has gone: 5 s to say so, 5 s to end.
constexpr seconds after_leaving{12};

constexpr const char* out_of_turn = "locked by other writers for 3 s";
const std::string store = "/var/lib/latchkey/store.db";

struct Hold {
    const char* what;
    Misdeeds deeds;
    milliseconds refused_within;
    const char* reason;  // in the log
};

Misdeeds served() {
    return Misdeeds{}.hear();
}

// Bytes as SQLite locks them (os_unix.c, wal.c). For two of its locks it waits by itself,
// for 10 s, whatever it was told about waiting.
std::vector<Hold> holds() {
    return {
        {"every place in the writers' line", served().lock(store + "-queue", 0, 0), seconds{5},
         out_of_turn},
        {"SQLite's lock of writers", served().lock(store + "-shm", 120, 1), seconds{13},
         "locking protocol"},
        {"SQLite's marks of readers", served().lock(store + "-shm", 123, 5), seconds{13},
         "locking protocol"},
        {"the turn of writers", served().take_turn(store + "-queue"), seconds{5}, out_of_turn},
        {"the database", served().lock(store, 0x40000000, 512), seconds{5}, "database is locked"}};
}

milliseconds since(steady_clock::time_point began) {
    return std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
}

std::string in_ms(milliseconds time) {
    return std::to_string(time.count()) + " ms";
}

// ben's ordinary sign-ins through this machine's libpam.
milliseconds median_login() {
    std::vector<milliseconds> times;
    for (int i = 0; i < logins_of_each; ++i) {
        PamLogin login("login", "ben");
        const auto began = steady_clock::now();
        login.run({old_password});
        times.push_back(since(began));
        CHECK(login.code() == PAM_SUCCESS);
    }
    std::nth_element(times.begin(), times.begin() + logins_of_each / 2, times.end());
    return times[logins_of_each / 2];
}

// eve asks for a recovery and meets a verifier that holds the store; nobody else does. Without
// login(1), which would end her conversation after 60 s.
Forked enter_thief(const Misdeeds& deeds) {
    HostileVerifier verifier;
    verifier.will(deeds);
    Forked eve([] {
        PamLogin login("login", "eve");
        login.run({"", forgot, ""});
        return login.code();
    });
    verifier.expect_steps(2);
    REQUIRE(verifier.notes().at(1) == "held");
    verifier.leave_others_alone();
    return eve;
}

// How long the store is held then.
milliseconds leave(Forked& thief) {
    REQUIRE(processes_with_command(login_verifier).size() == 1);
    const auto left = steady_clock::now();
    thief.kill();
    CHECK(latchkey_comes_to_rest(after_leaving));
    return since(left);
}

// How long the answer took that the usual screen refuses.
milliseconds refused_after(Terminal& login, const std::string& answer) {
    const auto answered = steady_clock::now();
    login.send_line(answer);
    login.expect(unavailable);
    login.expect("Press Enter to continue: ");
    const milliseconds time = since(answered);
    login.send_line("");
    login.expect("Login incorrect");
    return time;
}

milliseconds recovery_refused_after(Machine& machine) {
    Terminal login = machine.console("ben");
    login.expect("Password: ");
    login.send_line("");
    login.expect("(Enter to go back): ");
    return refused_after(login, forgot);
}

void recovers_at_once(Machine& machine, const std::string& name) {
    Terminal login = machine.console(name);
    const auto asked = steady_clock::now();
    ask_for_recovery(login);
    choose(login, "E-mail");
    CHECK(since(asked) < at_once);
    type_code(login, code_for(machine, name));
    choose_password(login, new_password);
    CHECK(machine.signed_in(login, name));
}

struct Town {
    Enrolled host;
    Machine& machine = host.machine;
    Town() {
        for (const char* name : {"ben", "eve"}) add(name);
    }
    void add(const std::string& name) {
        machine.add_account(name, old_password);
        machine.enroll_email(name, name + "@example.org");
    }
};

struct Held {
    milliseconds refused{};   // another person, after so long
    milliseconds delay{};     // of a password, against before and after
    milliseconds released{};  // so long after the person of the verifier left
};

Held measure(Town& town, const Hold& hold, const std::string& name) {
    town.add(name);
    const milliseconds before = median_login();
    Forked thief = enter_thief(Misdeeds{hold.deeds}.rest());
    Held held;
    const std::size_t logged = town.machine.log().size();
    held.refused = recovery_refused_after(town.machine);
    CHECK(held.refused < hold.refused_within);
    CHECK(town.machine.log().find(hold.reason, logged) != std::string::npos);
    const milliseconds beside = median_login();
    CHECK(signs_in_at_console(town.machine, "ben", old_password));
    held.released = leave(thief);
    recovers_at_once(town.machine, name);
    REQUIRE(latchkey_comes_to_rest());
    held.delay = beside - std::max(before, median_login());
    return held;
}

}  // namespace

TEST_CASE("a verifier that holds the store keeps nobody from the password, and no other waiting") {
    Town town;
    const auto all = holds();
    for (std::size_t i = 0; i < rounds<std::size_t>(2, all.size()); ++i) {
        CAPTURE(all[i].what);
        const std::string name = "other" + std::to_string(i);
        Held held = measure(town, all[i], name);
        if (held.delay > most_for_a_password) held = measure(town, all[i], name + "again");
        CHECK(held.delay <= most_for_a_password);
        evidence("C3 a verifier that holds the store, " + std::string(all[i].what),
                 "a recovery, and " + std::to_string(logins_of_each) + " passwords beside it",
                 "refused after " + in_ms(held.refused) + ", passwords " + in_ms(held.delay) +
                     " later, held " + in_ms(held.released) + " after its person left");
    }
}

TEST_CASE("whoever stands at a question when a verifier takes the store is refused there") {
    Town town;
    milliseconds longest{};
    for (const Hold& hold : {holds()[0], holds()[1]}) {
        CAPTURE(hold.what);
        Terminal login = town.machine.console("ben");
        ask_for_recovery(login);
        login.expect("(Enter to go back): ");
        Forked thief = enter_thief(Misdeeds{hold.deeds}.rest());
        const milliseconds refused = refused_after(login, "1");
        CHECK(refused < seconds{13});
        longest = std::max(longest, refused);
        login.hang_up();
        static_cast<void>(leave(thief));
    }
    evidence("C3 a verifier takes the store while another person stands at the menu",
             "2 of its locks", "refused after " + in_ms(longest) + " at most");
    recovers_at_once(town.machine, "ben");
}

TEST_CASE("a verifier that holds the store is ended by the monitor, and others recover at once") {
    Town town;
    // In the long form it says nothing any more, for which the monitor waits for 90 s.
    const bool is_silent = rounds(0, 1) == 1;
    Misdeeds deeds = holds()[0].deeds;
    if (!is_silent) deeds.say(wire::Perform{Act::ChangePassword});
    const auto began = steady_clock::now();
    Forked thief = enter_thief(deeds.rest());
    CHECK(thief.wait() == PAM_AUTH_ERR);
    const milliseconds held_for = since(began);
    CHECK(latchkey_comes_to_rest());
    recovers_at_once(town.machine, "ben");
    evidence("C3 a verifier that holds the store and its person stays",
             is_silent ? "it says nothing" : "it breaks the rules of the talk",
             "ended by the monitor after " + in_ms(held_for) + ", another recovers at once");
}

}  // namespace latchkey
