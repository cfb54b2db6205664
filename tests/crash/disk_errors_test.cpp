// SPDX-License-Identifier: MIT
//
// A disk that answers every access with an error: who knows the password signs in all
// the same, and a recovery is refused with the usual screen. host_in_trouble_test.cpp has
// what else may be broken; this one needs a tracer, because a sandbox has no bad disks.
#include "tests/crash/stop.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"

namespace latchkey::crash {
namespace {

Stop disk_errors_below(const std::string& path) {
    Plan plan{"all programs", "storage", 1};
    plan.kill = false;
    plan.below = path;
    return Stop{plan};
}

Terminal login_under(const Stop& stop) {
    return Terminal{stop.around({"/usr/bin/login", "ada"})};
}

// Refused in a sentence; then the password signs in at the same login, on the broken disk.
void check_refusal(Machine& machine, Terminal& login) {
    login.expect("Getting back into your account does not work now.");
    login.expect("Press Enter to continue: ");
    login.send_line("");
    login.expect("Login incorrect");
    login.expect("login: ");
    login.send_line("ada");
    login.expect("Password: ");
    login.send_line(old_password);
    CHECK(machine.signed_in(login, "ada"));
    CHECK(machine.password_is("ada", old_password));
}

void check_report(const Stop& stop, const std::string& where) {
    const Report report = stop.report();
    evidence("G9 disk errors below the " + where,
             "all of " + std::to_string(report.calls) + " accesses fail",
             std::to_string(report.died.size()) + " crashes, recovery refused, password signs in");
    CHECK(report.calls > 0);
    CHECK(report.died.empty());
}

}  // namespace

TEST_CASE("G9 a disk with errors below the store switches recovery off and nothing else") {
    Enrolled host;
    const Stop stop = disk_errors_below("/var/lib/latchkey/");
    {
        Terminal login = login_under(stop);
        ask_for_recovery(login);
        check_refusal(host.machine, login);
    }
    check_report(stop, "store");
}

TEST_CASE("G9 a disk with errors below the ledger allows no act") {
    Enrolled host;
    const Stop stop = disk_errors_below("/var/lib/latchkey-acts/");
    {
        Terminal login = login_under(stop);
        prove_at_console(host.machine, login);
        check_refusal(host.machine, login);
        CHECK(login.transcript().find("New password") == std::string::npos);
    }
    check_report(stop, "ledger");
}

}  // namespace latchkey::crash
