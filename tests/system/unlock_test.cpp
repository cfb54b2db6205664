// SPDX-License-Identifier: MIT
//
// Locked out by failed attempts: the lockout is cleared, the password is kept.
#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"

namespace latchkey {
namespace {

void lock_out(Machine& machine, const std::string& user, int failures = 3) {
    for (int i = 0; i < failures; ++i)
        CHECK(is_refused_at_console(machine, user, "not my password"));
}

}  // namespace

TEST_CASE("who is locked out proves it and signs in with the password they know") {
    Enrolled host;
    host.machine.use_faillock();
    lock_out(host.machine, "ada");
    CHECK(is_refused_at_console(host.machine, "ada", old_password));
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login, know_my_password);
    login.expect("Your account is no longer locked.");
    login.expect("Password: ");
    login.send_line(old_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", old_password));
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

TEST_CASE("over ssh a lockout is cleared with two gates") {
    Enrolled host;
    host.machine.use_faillock();
    SshServer server;
    lock_out(host.machine, "ada");
    Terminal client = server.connect("ada");
    prove_over_ssh(host, client, know_my_password);
    client.expect("Your account is no longer locked.");
    client.expect("Password: ");
    client.send_line(old_password);
    CHECK(host.machine.signed_in(client, "ada"));
}

TEST_CASE("who was not locked out is told so after the proof, and signs in") {
    Enrolled host;
    host.machine.use_faillock();
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login, know_my_password);
    login.expect("Your account was not locked.");
    login.expect("Password: ");
    login.send_line(old_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE(
    "who is locked out and forgot the password changes it, but stays locked out for faillock's "
    "time") {
    Enrolled host;
    host.machine.use_faillock();
    lock_out(host.machine, "ada");
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    login.expect("Login incorrect");
    CHECK(host.machine.password_is("ada", new_password));
}

TEST_CASE("a lockout that only an administrator releases is not cleared") {
    Enrolled host;
    host.machine.use_faillock(3, 0);
    lock_out(host.machine, "ada");
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login, know_my_password);
    login.expect("Ask the administrator of");
    login.send_line("");
    login.expect("Login incorrect");
    CHECK(is_refused_at_console(host.machine, "ada", old_password));
}

TEST_CASE("a wrong password after the unlock counts for faillock like any other") {
    Enrolled host;
    host.machine.use_faillock();
    lock_out(host.machine, "ada");
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login, know_my_password);
    login.expect("Password: ");
    login.send_line("still not my password");
    login.expect("Login incorrect");
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

TEST_CASE("root clears a lockout where nobody can be told of it, and learns that") {
    Enrolled host;
    host.machine.use_faillock();
    lock_out(host.machine, "ada");
    must_run({"sh", "-c",
              "mount --bind /var/lib/latchkey /var/lib/latchkey && "
              "mount -o remount,bind,ro /var/lib/latchkey"});
    const Completed done = run_command({"/usr/bin/latchkey", "unlock", "ada"});
    CHECK(done.status == 0);
    CHECK(done.out == "ada can sign in again.\n");
    CHECK(done.err.find("not everybody could be told of it") != std::string::npos);
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

TEST_CASE("root clears a lockout with the command") {
    Enrolled host;
    host.machine.use_faillock();
    lock_out(host.machine, "ada");
    CHECK(must_run({"latchkey", "unlock", "ada", "--json"}).find("unlocked") != std::string::npos);
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
    // A negative result has a status of its own (latchkey(1)).
    CHECK(must_run({"sh", "-c", "latchkey unlock ada --json; test $? -eq 1"})
              .find("nothing_was_locked") != std::string::npos);
}

}  // namespace latchkey
