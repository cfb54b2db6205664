// SPDX-License-Identifier: MIT
//
// An administrator who does something to the account while its owner, or whoever has
// their mailbox, is recovering it: what the administrator did stands, to the byte.
#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"

namespace latchkey {
namespace {

namespace fs = std::filesystem;

constexpr const char* unavailable = "Getting back into your account does not work now.";

// Real commands; NAME is the account.
const std::vector<std::string> acts{
    "usermod -L NAME", "passwd -l NAME", "chage -E 0 NAME", "usermod -s /usr/sbin/nologin NAME",
    "usermod -u $(($(id -u NAME) + 4000)) NAME", "userdel NAME",
    // The same name, and most likely the same uid.
    "userdel -r NAME; useradd --create-home --shell /bin/bash NAME && "
    "echo 'NAME:from the help desk' | chpasswd",
    "usermod -l NAMEx NAME", "echo 'NAME:from the help desk' | chpasswd"};

std::string command_for(std::string command, const std::string& name) {
    for (auto at = command.find("NAME"); at != std::string::npos; at = command.find("NAME", at))
        command.replace(at, 4, name);
    return command;
}

std::string rows() {
    return file_text("/etc/passwd") + file_text("/etc/shadow");
}

// One machine, and a new account for everything that is tried.
class Town {
public:
    Town() { machine.set_up(); }

    std::string newcomer() {
        const std::string name = "ada" + std::to_string(++people_);
        machine.add_account(name, old_password);
        machine.enroll_email(name, name + "@example.org");
        return name;
    }
    // At "Code: ", with the code that is right.
    std::string asked_for_code(Terminal& login, const std::string& reason) {
        ask_for_recovery(login, reason);
        choose(login, "E-mail");
        const std::string code = machine.next_message().code();
        login.expect("Code: ");
        return code;
    }

    Machine machine;

private:
    int people_ = 0;
};

void is_refused(Terminal& login) {
    login.expect(unavailable);
    login.expect("Press Enter to continue: ");
    login.send_line("");
    login.expect("Login incorrect");
}

// Whether the act is made at "New password: " or when it is to be repeated.
void administrator_acts(Town& town, const std::string& act, bool at_repetition) {
    const std::string name = town.newcomer();
    Terminal login = town.machine.console(name);
    login.send(town.asked_for_code(login, forgot) + '\r');
    login.expect("New password: ");
    if (at_repetition) {
        login.send_line(new_password);
        login.expect("Retype new password: ");
    }
    must_run({"sh", "-c", command_for(act, name)});
    const std::string before = rows();
    login.send_line(new_password);
    if (!at_repetition && login.expect_any({"Retype new password: ", unavailable}) == 0)
        login.send_line(new_password);
    login.expect("Press Enter to continue: ");
    login.send_line("");
    login.expect("Login incorrect");
    CHECK(rows() == before);
    CHECK(login.transcript().find("Your password has been changed.") == std::string::npos);
    static_cast<void>(town.machine.take_messages());
}

void no_act_is_undone_by_a_password(bool at_repetition) {
    Town town;
    for (const std::string& act : acts) {
        INFO(act);
        administrator_acts(town, act, at_repetition);
    }
    evidence("C4 time of check, new password",
             std::to_string(acts.size()) + " commands of an administrator at \"" +
                 (at_repetition ? "Retype" : "New password") + "\"",
             "all refused, passwd and shadow as the command left them");
}

}  // namespace

TEST_CASE("what an administrator does while \"New password:\" is open stands, to the byte") {
    no_act_is_undone_by_a_password(false);
}

TEST_CASE("what an administrator does while the password is repeated stands, to the byte") {
    no_act_is_undone_by_a_password(true);
}

TEST_CASE("what an administrator does before the last proof of an unlock leaves the tally") {
    Town town;
    town.machine.use_faillock();
    const std::string first = town.newcomer();
    for (int i = 0; i < 3; ++i) CHECK(is_refused_at_console(town.machine, first, "wrong"));
    const std::string locked = file_text("/var/run/faillock/" + first);
    REQUIRE_FALSE(locked.empty());
    for (const std::string& act : acts) {
        INFO(act);
        const std::string name = town.newcomer();
        const std::string tally = "/var/run/faillock/" + name;
        write_file(tally, locked, 0600);
        must_run({"chown", name, tally});
        Terminal login = town.machine.console(name);
        const std::string code = town.asked_for_code(login, know_my_password);
        must_run({"sh", "-c", command_for(act, name)});
        const std::string before = rows();
        login.send_line(code);
        is_refused(login);
        CHECK(rows() == before);
        CHECK(file_text(tally) == locked);
        static_cast<void>(town.machine.take_messages());
    }
    evidence("C4 time of check, unlock",
             std::to_string(acts.size()) + " commands of an administrator before the last proof",
             "all refused, tally, passwd and shadow unchanged");
}

}  // namespace latchkey
