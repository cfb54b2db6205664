// SPDX-License-Identifier: MIT
//
// What follows a recovery: later logins tell of it, whoever was in the account does not
// stay, and what changed in it before is named.
#include <time.h>

#include <filesystem>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* kReset = "a new password was set by recovery at the console ";
constexpr const char* kSleeper = "sleep 86399";

void reset_at_console(Machine& machine) {
    Terminal login = machine.console("ada");
    prove_at_console(machine, login);
    choose_password(login, new_password);
    REQUIRE(machine.signed_in(login, "ada"));
}

// All that a login at the console shows, up to the shell.
std::string shown_at_console(Machine& machine, const char* password = new_password) {
    Terminal login = machine.console("ada");
    login.expect("Password: ");
    login.send_line(password);
    return login.expect("$ ");
}

// A session of ada's with a process that does not mind when its terminal goes.
Terminal session_with_a_sleeper(const SshServer& server) {
    Terminal client = server.connect("ada");
    client.expect("Password: ");
    client.send_line(old_password);
    client.expect("$ ");
    client.send_line(std::string{"trap '' HUP; "} + kSleeper + " & echo started''_it");
    client.expect("started_it");
    REQUIRE(comes_true([] { return processes_with_command(kSleeper).size() == 1; }));
    return client;
}

bool works(Terminal& session) {
    session.send_line("echo still''_here");
    session.expect("still_here");
    return processes_with_command(kSleeper).size() == 1;
}

std::string ids_of(const std::string& option) {
    const std::string id = must_run({"id", option, "ada"});
    return id.substr(0, id.find('\n'));
}

std::string newest_aftermath() {
    std::istringstream lines{file_text("/var/lib/latchkey-acts/audit")};
    std::string found;
    for (std::string line; std::getline(lines, line);)
        if (line.find("\tafter_act\tada\t") != std::string::npos) found = line;
    return found;
}

void let_in_by_key(const std::string& key) {
    must_run({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key});
    must_run({"install", "-d", "-o", "ada", "-g", "ada", "-m", "0700", "/home/ada/.ssh"});
    must_run({"install", "-o", "ada", "-g", "ada", "-m", "0600", key + ".pub",
              "/home/ada/.ssh/authorized_keys"});
}

// A client that asks for nothing and shows what the other side prints.
Completed by_key(const std::string& key, const std::string& program,
                 const std::vector<std::string>& arguments, const std::string& input = {}) {
    std::vector<std::string> argv{program, "-F", "none", "-i", key};
    for (const char* option : {"BatchMode=yes", "StrictHostKeyChecking=no",
                               "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"})
        argv.insert(argv.end(), {"-o", option});
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return run_command(argv, input);
}

void was_quiet(const Completed& completed) {
    CHECK(completed.status == 0);
    CHECK(completed.out == "");
    CHECK(completed.err == "");
}

}  // namespace

TEST_CASE("after a reset the same login and each later one tell of it, at consoles and over ssh") {
    Enrolled host;
    {
        Terminal login = host.machine.console("ada");
        prove_at_console(host.machine, login);
        choose_password(login, new_password);
        login.expect(kReset);
        login.expect("(proven by e-mail). Not you? Ask the administrator of ");
        CHECK(host.machine.signed_in(login, "ada"));
    }
    CHECK(shown_at_console(host.machine).find(kReset) != std::string::npos);
    SshServer server;
    Terminal client = server.connect("ada");
    client.expect("Password: ");
    client.send_line(new_password);
    client.expect(kReset);
    CHECK(host.machine.signed_in(client, "ada"));
    host.machine.add_account("ben", old_password);
    Terminal ben = host.machine.console("ben");
    ben.expect("Password: ");
    ben.send_line(old_password);
    CHECK(ben.expect("$ ").find("recovery") == std::string::npos);
}

TEST_CASE("copies of files and commands over ssh are as quiet as without a recovery") {
    Enrolled host;
    reset_at_console(host.machine);
    const std::string key = "/root/test-key";
    let_in_by_key(key);
    SshServer server;
    const std::string there = "ada@127.0.0.1";
    was_quiet(by_key(key, "ssh", {there, "true"}));
    was_quiet(by_key(key, "scp", {"/etc/hostname", there + ":one"}));
    was_quiet(by_key(key, "scp", {"-O", "/etc/hostname", there + ":two"}));
    CHECK(file_text("/home/ada/one") == file_text("/etc/hostname"));
    CHECK(file_text("/home/ada/two") == file_text("/etc/hostname"));
    const Completed sftp = by_key(key, "sftp", {"-b", "-", there}, "rename one three\n");
    CHECK(sftp.status == 0);
    CHECK(sftp.out == "sftp> rename one three\n");
    CHECK(sftp.err == "");
    // The same key on a terminal is told.
    Terminal client{{"/usr/bin/ssh", "-tt", "-F", "none", "-i", key, "-o",
                     "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", there}};
    client.expect(kReset);
    client.expect("$ ");
}

TEST_CASE("31 days later nothing is told any more") {
    Enrolled host;
    reset_at_console(host.machine);
    const std::string file = "/var/lib/latchkey-acts/announcements/" + ids_of("-u");
    std::istringstream lines{file_text(file)};
    std::string older;
    std::string line;
    REQUIRE(std::getline(lines, line));
    older = line + '\n';
    for (; std::getline(lines, line);) {
        const std::size_t blank = line.find(' ');
        const long until = std::stol(line.substr(0, blank));
        CHECK(until > ::time(nullptr) + 29 * 86400L);
        CHECK(until <= ::time(nullptr) + 30 * 86400L);
        older += std::to_string(until - 31 * 86400L) + line.substr(blank) + '\n';
    }
    write_file(file, older, 0600);
    CHECK(shown_at_console(host.machine).find("recovery") == std::string::npos);
}

TEST_CASE("an unlock is told as one") {
    Enrolled host;
    host.machine.use_faillock();
    for (int i = 0; i < 3; ++i)
        CHECK(is_refused_at_console(host.machine, "ada", "not my password"));
    SshServer server;
    Terminal client = server.connect("ada");
    prove_over_ssh(host, client, know_my_password);
    client.expect("Password: ");
    client.send_line(old_password);
    client.expect("a lockout was cleared by recovery from 127.0.0.1 (proven by app, e-mail).");
    CHECK(host.machine.signed_in(client, "ada"));
}

TEST_CASE("a reset ends another session of the account with all that runs in it") {
    Enrolled host;
    SshServer server;
    Terminal other = session_with_a_sleeper(server);
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(processes_with_command(kSleeper).empty());
    static_cast<void>(other.expect_end());
    const std::string aftermath = newest_aftermath();
    CAPTURE(aftermath);
    CHECK(aftermath.find("\tended=") != std::string::npos);
    CHECK(aftermath.find("\tended=0 ") == std::string::npos);
    CHECK(aftermath.find(" left=0\t") != std::string::npos);
}

TEST_CASE("with end_sessions = false another session of the account stays") {
    Enrolled host;
    host.machine.configure("[after_recovery]\nend_sessions = false\n");
    SshServer server;
    Terminal other = session_with_a_sleeper(server);
    reset_at_console(host.machine);
    CHECK(works(other));
    CHECK(newest_aftermath().find("\tsessions_kept\t") != std::string::npos);
}

TEST_CASE("an unlock ends no session") {
    Enrolled host;
    host.machine.use_faillock();
    SshServer server;
    Terminal other = session_with_a_sleeper(server);
    for (int i = 0; i < 3; ++i)
        CHECK(is_refused_at_console(host.machine, "ada", "not my password"));
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login, know_my_password);
    login.expect("Your account is no longer locked.");
    login.expect("Password: ");
    login.send_line(old_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(works(other));
}

TEST_CASE("a reset names the keys, the crontab and the security info that changed before it") {
    Enrolled host;
    let_in_by_key("/root/test-key");
    std::filesystem::create_directories("/var/spool/cron/crontabs");
    write_file("/var/spool/cron/crontabs/ada", "@reboot true\n", 0600);
    reset_at_console(host.machine);
    CHECK(shown_at_console(host.machine)
              .find("changed in the 24 hours before: authorized_keys, crontab, security info "
                    "(email, recovery codes, totp).") != std::string::npos);
    CHECK(newest_aftermath().find("\tchanged=authorized_keys,crontab,security info (") !=
          std::string::npos);
}

TEST_CASE("the notice of a reset lists what had changed, for who cannot sign in") {
    Enrolled host;
    let_in_by_key("/root/test-key");
    std::filesystem::create_directories("/var/spool/cron/crontabs");
    write_file("/var/spool/cron/crontabs/ada", "@reboot true\n", 0600);
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    // Delivered while nothing has been done yet: whoever recovers cannot keep it back by leaving.
    const std::string notice = host.machine.next_message().text;
    CAPTURE(notice);
    CHECK(notice.find("In the 24 hours before, these were changed:\n\n  authorized_keys, which ") !=
          std::string::npos);
    CHECK(notice.find("\n  the crontab, which ") != std::string::npos);
    CHECK(notice.find("\n  contacts, or other ways back into the account\n") != std::string::npos);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("behind a link nothing is looked at: neither keys nor a home") {
    Enrolled host;
    let_in_by_key("/root/test-key");
    std::filesystem::create_symlink("/home/ada", "/home/elsewhere");
    must_run({"usermod", "-d", "/home/elsewhere", "ada"});
    reset_at_console(host.machine);
    CHECK(shown_at_console(host.machine).find("authorized_keys") == std::string::npos);
    CHECK(newest_aftermath().find(" home_not_seen\t") != std::string::npos);
}

}  // namespace latchkey
