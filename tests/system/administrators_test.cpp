// SPDX-License-Identifier: MIT
//
// What root and the help desk do for people, on the installed packages: take ways away, purge,
// ask for a new password, and who may do what for whom.
#include <sys/wait.h>

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/comes_true.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"
#include "tests/system/user_socket.hpp"

namespace latchkey {
namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

constexpr const char* helens_password = "paper clip stapler";

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

Completed as_root(Words arguments) {
    arguments.insert(arguments.begin(), "/usr/bin/latchkey");
    return run_command(arguments);
}

json answered(Words arguments) {
    arguments.emplace_back("--json");
    const Completed done = as_root(arguments);
    INFO(done.err);
    REQUIRE(done.status == 0);
    return json::parse(done.out);
}

std::string audit_text() {
    return must_run({"/usr/bin/latchkey", "audit", "--json"});
}

// ada, whom helen of the help desk helps.
struct HelpDesk {
    Machine machine;
    RunningProgram listener;

    HelpDesk() {
        machine.add_account("ada", old_password);
        machine.add_account("helen", helens_password);
        must_run({"usermod", "-aG", "latchkey-helpdesk", "helen"});
        machine.set_up();
        machine.enroll_email("ada", "ada@example.org");
        listener = listen_for_users();
    }
};

// A command at a terminal of an ordinary user.
Terminal command_of(const std::string& user, const Words& arguments) {
    return Terminal{as_user(user, arguments)};
}

// What it ended with.
int status_of(Terminal& terminal) {
    const int status = terminal.expect_end();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void type_password(Terminal& terminal, const std::string& password) {
    terminal.expect("Password: ");
    terminal.send_line(password);
}

// ada can become root, and has forgotten her password.
void recover_with_two_proofs(Enrolled& host) {
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "recovery codes");
    type_code(login, host.saved_codes.front());
    choose(login, "authenticator app");
    type_code(login, authenticator_shows(host.app_key));
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

}  // namespace

TEST_CASE("a way that root removes is gone at once, told to its address, and at the next login") {
    Enrolled host;
    host.machine.enroll_email("ada", "second@example.net");
    (void)host.machine.take_messages();
    CHECK(as_root({"remove", "ada", "email"}).status == 1);
    const json dry = answered({"remove", "ada", "email", "second@example.net", "--dry-run"});
    CHECK(dry.at("removed") == 1);
    CHECK(host.machine.waiting_messages().empty());
    const json removed = answered({"remove", "ada", "email", "second@example.net"});
    CHECK(removed.at("notices") == 2);
    std::string told;
    for (int i = 0; i < 2; ++i) told += host.machine.next_message().text;
    CHECK(holds(told, "second@example.net"));
    CHECK(holds(told, "ada@example.org"));
    CHECK(holds(told, "The administrator has taken away the e-mail address"));
    CHECK(answered({"status", "ada"}).at("methods").size() == 2);
    CHECK(holds(audit_text(), "\"removed\""));
    CHECK(holds(must_run({"/usr/bin/latchkey", "audit", "verify"}), "intact."));
    Terminal login = host.machine.console("ada");
    login.expect("Password: ");
    login.send_line(old_password);
    login.expect("the administrator took away a way back into this account");
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("saved codes and an app that root removes prove nothing any more") {
    Enrolled host;
    (void)answered({"remove", "ada", "codes"});
    (void)answered({"remove", "ada", "totp"});
    const json status = answered({"status", "ada"});
    CHECK(status.at("saved_codes_left") == 0);
    CHECK(status.at("methods").size() == 1);
    CHECK(as_root({"remove", "ada", "codes"}).status == 1);
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "recovery codes");
    type_code(login, host.saved_codes.front());
    login.expect("That was not right.");
}

TEST_CASE("a purge takes all that is kept of an account that is gone, and the audit log stays") {
    Enrolled host;
    (void)answered({"pass", "issue", "ada", "--reason", "ticket 4711"});
    must_run({"userdel", "ada"});
    const json dry = answered({"purge", "ada", "--dry-run"}).at("purged");
    REQUIRE(dry.size() == 1);
    CHECK(dry[0].at("is_there") == false);
    CHECK(dry[0].at("contacts") == 1);
    CHECK(dry[0].at("authenticators") == 1);
    CHECK(dry[0].at("files") == 4);
    CHECK(as_root({"purge", "ada"}).status == 2);
    const std::string uid = dry[0].at("uid").get<std::string>();
    CHECK(answered({"purge", uid, "--yes"}).at("purged").at(0).at("contacts") == 1);
    CHECK(as_root({"purge", "ada", "--yes"}).status == 4);
    CHECK_FALSE(std::filesystem::exists("/var/lib/latchkey-acts/codes/" + uid));
    CHECK_FALSE(std::filesystem::exists("/var/lib/latchkey-acts/passes/" + uid));
    CHECK_FALSE(std::filesystem::exists("/var/lib/latchkey-acts/reminders/" + uid));
    CHECK(holds(audit_text(), "ticket 4711"));
    CHECK(holds(audit_text(), "\"purged\""));
    CHECK(holds(must_run({"/usr/bin/latchkey", "audit", "verify"}), "intact."));
}

TEST_CASE("a person who is there is told of a purge, and recovers no more") {
    Enrolled host;
    (void)host.machine.take_messages();
    CHECK(answered({"purge", "ada", "--yes"}).at("purged").at(0).at("notices") == 1);
    CHECK(holds(host.machine.next_message().text, "every way back into your account"));
    CHECK(answered({"status", "ada"}).at("ways") == 0);
    Terminal login = host.machine.console("ada");
    login.expect("Password: ");
    login.send_line(old_password);
    login.expect("the administrator took away all ways back into this account");
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("a reset asks the person, who proves as always, and no message opens anything") {
    Enrolled host;
    (void)host.machine.take_messages();
    CHECK(answered({"reset", "ada"}).at("messages") == 1);
    const std::string asked = host.machine.next_message().text;
    CHECK(holds(asked, "choose a new password"));
    CHECK_FALSE(holds(asked, "code: "));
    CHECK(host.machine.password_is("ada", old_password));
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("who would be stranded by more proofs is named before the change is made") {
    Enrolled host;
    host.machine.add_account("ben", old_password);
    host.machine.enroll_email("ben", "ben@example.org");
    const Completed two = as_root({"policy", "check", "--gates", "2", "--json"});
    CHECK(two.status == 1);
    CHECK(json::parse(two.out).at("would_be_stranded") == json{"ben"});
    CHECK(as_root({"policy", "check", "--gates", "1"}).status == 0);
}

TEST_CASE("a member of the help desk issues a pass after her own password, and it is on record") {
    HelpDesk host;
    Terminal desk = command_of("helen", {"pass", "issue", "ada", "--reason", "ticket 4711"});
    type_password(desk, helens_password);
    desk.expect("It is shown this one time.");
    CHECK(status_of(desk) == 0);
    CHECK_FALSE(holds(desk.transcript(), helens_password));
    const std::string records = audit_text();
    for (const char* part : {"by=helen", "\"helpdesk\"", "verb=pass_issue for=ada", "ticket 4711"})
        CHECK(holds(records, part));
    Terminal status = command_of("helen", {"status", "ada"});
    type_password(status, helens_password);
    status.expect("a...a at e....org");
    CHECK(status_of(status) == 0);
    CHECK_FALSE(holds(status.transcript(), "ada@example.org"));
}

TEST_CASE("the help desk unlocks, and asks for new passwords") {
    HelpDesk host;
    host.machine.use_faillock();
    for (int i = 0; i < 3; ++i) CHECK(is_refused_at_console(host.machine, "ada", "not mine"));
    Terminal unlock = command_of("helen", {"unlock", "ada"});
    type_password(unlock, helens_password);
    unlock.expect("ada can sign in again.");
    unlock.expect("A notice goes to 1 address of the account.");
    CHECK(status_of(unlock) == 0);
    const std::string told = host.machine.next_message().text;
    CHECK(holds(told, "The administrator ends the lockout of your account"));
    CHECK(holds(told, "latchkey deny "));
    Terminal reset = command_of("helen", {"reset", "ada"});
    type_password(reset, helens_password);
    reset.expect("ada is asked to set a new password, at 1 address.");
    CHECK(status_of(reset) == 0);
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

TEST_CASE("who is not of the help desk is asked for no password and gets nothing") {
    HelpDesk host;
    for (const Words& words :
         {Words{"unlock", "helen"}, Words{"status", "helen"}, Words{"reset", "helen"},
          Words{"pass", "issue", "helen", "--reason", "x"}}) {
        Terminal terminal = command_of("ada", words);
        terminal.expect("members of the group latchkey-helpdesk");
        CHECK(status_of(terminal) == 3);
        CHECK_FALSE(holds(terminal.transcript(), "Password: "));
    }
    // A group of one's own that the process alone has makes nobody a helper.
    const Completed with_group =
        run_command({"/usr/bin/setpriv", "--reuid=ada", "--regid=ada", "--groups=latchkey-helpdesk",
                     "/usr/bin/latchkey", "unlock", "helen"});
    CHECK(with_group.status == 3);
    must_run({"gpasswd", "-d", "helen", "latchkey-helpdesk"});
    Terminal former = command_of("helen", {"unlock", "ada"});
    former.expect("members of the group latchkey-helpdesk");
    CHECK(status_of(former) == 3);
}

TEST_CASE("no helper helps herself, another helper, or who can become root") {
    HelpDesk host;
    host.machine.add_account("hal", old_password, {"latchkey-helpdesk"});
    host.machine.add_account("boss", old_password, {"sudo"});
    for (const char* other : {"helen", "hal", "boss", "root"})
        for (const Words& words :
             {Words{"pass", "issue", other, "--reason", "x"}, Words{"unlock", other}}) {
            Terminal terminal = command_of("helen", words);
            type_password(terminal, helens_password);
            terminal.expect("is not for the help desk");
            CHECK(status_of(terminal) == 3);
        }
    CHECK(holds(audit_text(), "it can become root"));
    CHECK(answered({"pass", "list"}).at("passes").empty());
    CHECK(as_root({"status", "boss"}).status == 0);
}

TEST_CASE("a helper's password is asked for, and nothing is done without it") {
    HelpDesk host;
    Terminal terminal = command_of("helen", {"pass", "issue", "ada", "--reason", "x"});
    type_password(terminal, old_password);
    terminal.expect("that was not your password");
    CHECK(status_of(terminal) == 3);
    CHECK(answered({"pass", "list"}).at("passes").empty());
}

TEST_CASE("a helper does twenty acts within an hour, and no more") {
    HelpDesk host;
    for (int i = 0; i < 20; ++i) {
        Terminal unlock = command_of("helen", {"unlock", "ada"});
        type_password(unlock, helens_password);
        unlock.expect("was not locked by failed attempts.");
        (void)unlock.expect_end();
    }
    Terminal refused = command_of("helen", {"unlock", "ada"});
    type_password(refused, helens_password);
    refused.expect("as much as may be done within an hour");
    CHECK(status_of(refused) == 75);
    CHECK(holds(audit_text(), "limit=acts_per_hour"));
    Terminal reading = command_of("helen", {"status", "ada"});
    type_password(reading, helens_password);
    reading.expect("a...a at e....org");
    CHECK(status_of(reading) == 0);
}

TEST_CASE("an administrator's recovery is told to the other administrators at their logins") {
    Enrolled host{{"sudo"}};
    host.machine.add_account("boss", old_password, {"adm"});
    host.machine.add_account("ben", old_password);
    recover_with_two_proofs(host);
    for (const auto& [name, is_told] : {std::pair{"boss", true}, {"ben", false}}) {
        Terminal other = host.machine.console(name);
        other.expect("Password: ");
        other.send_line(old_password);
        if (is_told) other.expect("for ada, who can become root");
        CHECK(host.machine.signed_in(other, name));
        CHECK(holds(other.transcript(), "who can become root") == is_told);
    }
}

TEST_CASE("an administrator's recovery, and a way that root adds, are told by mail") {
    Enrolled host{{"sudo"}};
    host.machine.configure("administrator_mail = [\"ops@example.net\"]\n");
    CHECK(comes_true([&] { return host.machine.setting_up_messages() == 2; }));
    recover_with_two_proofs(host);
    std::string all;
    CHECK(comes_true([&] {
        for (const DeliveredMessage& message : host.machine.take_messages()) all += message.text;
        return holds(all, "To: ops@example.net") && holds(all, "To: ada");
    }));
    CHECK(holds(all, "You run "));
    CHECK(holds(all, "become root there, and may now choose a new password"));
}

TEST_CASE("the package makes the help desk's group, empty") {
    Machine machine;
    CHECK(must_run({"getent", "group", "latchkey-helpdesk"}).ends_with(":\n"));
}

}  // namespace latchkey
