// SPDX-License-Identifier: MIT
//
// Something on the host is broken: who knows the password signs in all the same,
// nobody else does, and a recovery refuses with the usual screen or goes on with
// what still works. ordinary_login_test.cpp shows the plain logins; here a person
// asks for a recovery on the broken host.
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/mail_server.hpp"
#include "tests/system/one_time_codes.hpp"

namespace latchkey {
namespace {

constexpr const char* unavailable = "Getting back into your account does not work now.";

void run_shell(const std::string& command) {
    must_run({"sh", "-c", command});
}

void check_passwords_at_console(Machine& machine) {
    CHECK(signs_in_at_console(machine, "ada", old_password));
    CHECK(is_refused_at_console(machine, "ada", "not my password"));
}

void check_passwords_over_ssh(Machine& machine, const SshServer& server) {
    Terminal right = server.connect("ada");
    right.expect("Password: ");
    right.send_line(old_password);
    CHECK(machine.signed_in(right, "ada"));
    Terminal wrong = server.connect("ada");
    wrong.expect("Password: ");
    wrong.send_line("not my password");
    wrong.expect("Password: ");  // sshd asks again
}

// login(1) has survived: it asks for a name again, and the password signs in.
void check_login_goes_on(Machine& machine, Terminal& login) {
    login.expect("Login incorrect");
    login.expect("login: ");
    login.send_line("ada");
    login.expect("Password: ");
    login.send_line(old_password);
    CHECK(machine.signed_in(login, "ada"));
}

void check_refusal(Machine& machine, Terminal& login) {
    login.expect(unavailable);
    login.expect("Press Enter to continue: ");
    login.send_line("");
    check_login_goes_on(machine, login);
}

// Nothing can be offered: the question for the reason is answered with a refusal.
void check_recovery_is_refused(Machine& machine) {
    Terminal login = machine.console("ada");
    ask_for_recovery(login);
    check_refusal(machine, login);
    CHECK(machine.password_is("ada", old_password));
}

// Proves with a saved code, from the menu that stands on the screen or comes next.
void saved_code_recovers(Enrolled& host, Terminal& login) {
    choose(login, "recovery codes");
    type_code(login, host.saved_codes.front());
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
}

// A host in use, broken by `command`; recovery is off, everything else is not.
void check_broken_by(const std::string& command) {
    Enrolled host;
    run_shell(command);
    check_passwords_at_console(host.machine);
    check_recovery_is_refused(host.machine);
}

void check_broken_by_over_ssh_too(const std::string& command) {
    Enrolled host;
    const SshServer server;
    run_shell(command);
    check_passwords_at_console(host.machine);
    check_passwords_over_ssh(host.machine, server);
    check_recovery_is_refused(host.machine);
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    client.expect(unavailable);
    client.send_line("");
    client.expect("Password: ");  // sshd begins a new try
    client.send_line(old_password);
    CHECK(host.machine.signed_in(client, "ada"));
}

// Proven, and then there is no act: nothing is recorded, so nothing is done.
void check_no_act_after(const std::string& what, const std::string& command) {
    Enrolled host;
    run_shell(command);
    check_passwords_at_console(host.machine);
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    check_refusal(host.machine, login);
    CHECK(host.machine.password_is("ada", old_password));
    CHECK(login.transcript().find("New password") == std::string::npos);
    evidence("G9 a ledger that cannot be written", what, "no act; passwords sign in");
}

Terminal console_within(const std::string& limit) {
    return Terminal({"/usr/bin/prlimit", limit, "/usr/bin/login", "ada"});
}

bool signs_in_within(Machine& machine, const std::string& limit) {
    Terminal login = console_within(limit);
    try {
        login.expect("Password: ");
        login.send_line(old_password);
        if (login.expect_any({"$ ", "Login incorrect"}) != 0) return false;
    } catch (const TerminalError&) {
        return false;  // login itself, or the shell, cannot do with so little
    }
    login.send_line("");
    return machine.signed_in(login, "ada");
}

// Asks for a recovery; whatever comes of it comes at once, and it is no shell.
void check_recovery_ends_within(Machine& machine, const std::string& limit) {
    Terminal login = console_within(limit);
    ask_for_recovery(login);
    CHECK(login.expect_any({"(Enter to go back): ", unavailable, "Login incorrect"}) < 3);
    CHECK(machine.password_is("ada", old_password));
}

// Limits of the login program, which the monitor inherits. Where they leave room for an
// ordinary login they do so with latchkey, too.
void check_limits(const std::vector<std::string>& limits) {
    Enrolled host;
    int tried = 0;
    for (const std::string& limit : limits) {
        CAPTURE(limit);
        run_shell("rm -f /etc/latchkey/enabled");
        if (!signs_in_within(host.machine, limit)) continue;
        run_shell("touch /etc/latchkey/enabled");
        CHECK(signs_in_within(host.machine, limit));
        check_recovery_ends_within(host.machine, limit);
        ++tried;
    }
    evidence("G9 little left", std::to_string(tried) + " limits of the login program",
             "who signed in without latchkey signs in with it");
    CHECK(tried >= 3);
}

}  // namespace

TEST_CASE("switched off, Enter at the prompt is an empty password like any other") {
    Enrolled host;
    run_shell("rm /etc/latchkey/enabled");
    Terminal login = host.machine.console("ada");
    login.expect("Password: ");
    login.send_line("");
    check_login_goes_on(host.machine, login);
}

TEST_CASE("without the profile Enter at the prompt is an empty password like any other") {
    Enrolled host;
    must_run({"pam-auth-update", "--package", "--remove", "latchkey"});
    Terminal login = host.machine.console("ada");
    login.expect("Password: ");
    login.send_line("");
    check_login_goes_on(host.machine, login);
}

TEST_CASE("settings that cannot be read switch recovery off and nothing else") {
    check_broken_by_over_ssh_too("echo 'this is = = not toml' >/etc/latchkey/latchkey.d/60-x.toml");
}

TEST_CASE("settings that others may write switch recovery off and nothing else") {
    check_broken_by("chmod 0666 /etc/latchkey/latchkey.toml");
}

TEST_CASE("a missing monitor switches recovery off and nothing else") {
    check_broken_by_over_ssh_too("rm /usr/libexec/latchkey/latchkey-monitor");
}

TEST_CASE("a monitor that a group may write is not started") {
    check_broken_by("chmod g+w /usr/libexec/latchkey/latchkey-monitor");
}

TEST_CASE("a monitor that is no program is not the end of the login") {
    check_broken_by("echo hello >/usr/libexec/latchkey/latchkey-monitor");
}

TEST_CASE("a missing verifier switches recovery off and nothing else") {
    check_broken_by("rm /usr/libexec/latchkey/latchkey-verifier");
}

TEST_CASE("a verifier that dies at once is not the end of the login") {
    check_broken_by("cp /bin/false /usr/libexec/latchkey/latchkey-verifier");
}

TEST_CASE("a missing key switches recovery off and nothing else") {
    check_broken_by("rm /etc/latchkey/key");
}

TEST_CASE("a key that others may read switches recovery off and nothing else") {
    check_broken_by("chmod 0644 /etc/latchkey/key");
}

TEST_CASE("a store that is read-only switches recovery off and nothing else") {
    check_broken_by_over_ssh_too(
        "mount --bind /var/lib/latchkey /var/lib/latchkey && "
        "mount -o remount,bind,ro /var/lib/latchkey");
    evidence("G9 a store that cannot be written", "read-only, console and ssh",
             "recovery refused, passwords sign in");
}

TEST_CASE("a full disk below the store switches recovery off and nothing else") {
    check_broken_by(
        "cp -a /var/lib/latchkey /var/lib/kept && "
        "mount -t tmpfs -o size=1m,mode=0700,uid=_latchkey full /var/lib/latchkey && "
        "cp -a /var/lib/kept/. /var/lib/latchkey/ && "
        "{ cat /dev/zero >/var/lib/latchkey/filler || true; } 2>/dev/null");
    evidence("G9 a store that cannot be written", "full disk",
             "recovery refused, passwords sign in");
}

TEST_CASE("a store of another version switches recovery off and is left alone") {
    Enrolled host;
    must_run({"python3", "-c",
              "import sqlite3\n"
              "with sqlite3.connect('/var/lib/latchkey/store.db') as store:\n"
              "    store.execute('PRAGMA user_version = 999')\n"
              "    store.execute('PRAGMA wal_checkpoint(TRUNCATE)')"});
    const std::string before = must_run({"sha256sum", "/var/lib/latchkey/store.db"});
    check_passwords_at_console(host.machine);
    check_recovery_is_refused(host.machine);
    CHECK(must_run({"sha256sum", "/var/lib/latchkey/store.db"}) == before);
}

TEST_CASE("a store of garbage switches recovery off and nothing else") {
    check_broken_by(
        "rm -f /var/lib/latchkey/store.db-*; head -c 8192 /dev/urandom "
        ">/var/lib/latchkey/store.db");
}

TEST_CASE("a directory of the slots that is a file switches recovery off and nothing else") {
    check_broken_by("rm -rf /run/latchkey && echo none >/run/latchkey");
}

TEST_CASE("a directory of the slots that others may write switches recovery off") {
    check_broken_by("mkdir -p /run/latchkey/slots && chmod 0777 /run/latchkey/slots");
}

TEST_CASE("a store that is absent offers what the root side keeps, and signs in with it") {
    Enrolled host;
    run_shell("rm -r /var/lib/latchkey && install -d -m 0700 -o _latchkey /var/lib/latchkey");
    check_passwords_at_console(host.machine);
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    saved_code_recovers(host, login);
}

TEST_CASE("without the directory of the store recovery is off and nothing else") {
    check_broken_by("rm -r /var/lib/latchkey");
}

TEST_CASE("a ledger that cannot be read allows no act") {
    Enrolled host;
    run_shell("head -c 300 /dev/urandom >/var/lib/latchkey-acts/ledger");
    check_passwords_at_console(host.machine);
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    check_refusal(host.machine, login);
    CHECK(host.machine.password_is("ada", old_password));
}

TEST_CASE("a directory of acts that others may write allows no act") {
    Enrolled host;
    run_shell("chmod 0777 /var/lib/latchkey-acts");
    check_passwords_at_console(host.machine);
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    check_refusal(host.machine, login);
    CHECK(host.machine.password_is("ada", old_password));
}

TEST_CASE("G9 a full disk below the ledger allows no act") {
    check_no_act_after("full disk",
                       "cp -a /var/lib/latchkey-acts /var/lib/kept && "
                       "mount -t tmpfs -o size=64k,mode=0700 full /var/lib/latchkey-acts && "
                       "cp -a /var/lib/kept/. /var/lib/latchkey-acts/ && "
                       "{ cat /dev/zero >/var/lib/latchkey-acts/filler || true; } 2>/dev/null");
}

TEST_CASE("G9 a ledger that is read-only allows no act") {
    check_no_act_after("read-only",
                       "mount --bind /var/lib/latchkey-acts /var/lib/latchkey-acts && "
                       "mount -o remount,bind,ro /var/lib/latchkey-acts");
}

TEST_CASE("G9 a read-only or full ledger accepts no saved code, for it could not be struck out") {
    Enrolled host;
    run_shell(
        "mount --bind /var/lib/latchkey-acts /var/lib/latchkey-acts && "
        "mount -o remount,bind,ro /var/lib/latchkey-acts");
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "recovery codes");
    type_code(login, host.saved_codes.front());
    login.expect("That was not right.");
    CHECK(host.machine.password_is("ada", old_password));
}

TEST_CASE("G9 few descriptors keep nobody from an ordinary login") {
    check_limits({"--nofile=6", "--nofile=7", "--nofile=8", "--nofile=9", "--nofile=10",
                  "--nofile=12", "--nofile=16", "--nofile=24"});
}

TEST_CASE("G9 little memory keeps nobody from an ordinary login") {
    check_limits({"--as=8388608", "--as=12582912", "--as=16777216", "--as=20971520",
                  "--as=25165824", "--as=33554432", "--as=50331648"});
}

TEST_CASE("without a password service nothing is changed") {
    Enrolled host;
    run_shell("rm /etc/pam.d/latchkey-password");
    check_passwords_at_console(host.machine);
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    check_refusal(host.machine, login);
    CHECK(host.machine.password_is("ada", old_password));
    CHECK(login.transcript().find("New password") == std::string::npos);
}

TEST_CASE("without the channel host no message leaves and a saved code still helps") {
    Enrolled host;
    run_shell("rm /usr/libexec/latchkey/latchkey-channel-host");
    check_passwords_at_console(host.machine);
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "E-mail");
    login.expect("If that is right, an e-mail with a code is on its way.");
    type_code(login, "m");
    choose(login, "authenticator app");
    type_code(login, authenticator_shows(host.app_key));
    login.expect("That way is not working now.");
    saved_code_recovers(host, login);
    CHECK(host.machine.waiting_messages().empty());
}

TEST_CASE("without the plugins no message leaves and a saved code still helps") {
    Enrolled host;
    run_shell("rm /usr/lib/*/latchkey/channels/*.so");
    check_passwords_at_console(host.machine);
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "authenticator app");
    type_code(login, authenticator_shows(host.app_key));
    login.expect("That way is not working now.");
    saved_code_recovers(host, login);
}

TEST_CASE("a mail server that is dead or mute holds nobody up") {
    Enrolled host;
    host.machine.configure(
        "[channel.post]\nplugin = \"email\"\nserver = \"127.0.0.1\"\nport = 2525\ntls = \"none\"\n"
        "[method.email]\nchannels = [\"post\"]\n",
        "70-post");
    check_passwords_at_console(host.machine);
    {
        Terminal login = host.machine.console("ada");  // nobody listens
        ask_for_recovery(login);
        choose(login, "E-mail");
        login.expect("If that is right, an e-mail with a code is on its way.");
        type_code(login, "00000000");
        login.expect("That was not right.");
    }
    const MailServer mute(MailServer::Mute);
    check_passwords_at_console(host.machine);
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "E-mail");
    login.expect("If that is right, an e-mail with a code is on its way.");
    type_code(login, "m");
    saved_code_recovers(host, login);
    evidence("G9 a dead or mute mail server", "two logins by e-mail",
             "nobody waits; a saved code recovers, passwords sign in");
}

}  // namespace latchkey
