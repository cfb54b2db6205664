// SPDX-License-Identifier: MIT
//
// The new password: the host's rules, latchkey's floor, and an administrator who
// changes the account while the prompt is open.
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"

namespace latchkey {
namespace {

constexpr const char* unavailable = "Getting back into your account does not work now.";
constexpr const char* service = "/etc/pam.d/latchkey-password";

// The whole row, since an administrator's change may be in any field of it.
std::string shadow_row(const std::string& name) {
    std::istringstream rows(file_text("/etc/shadow"));
    for (std::string row; std::getline(rows, row);)
        if (row.compare(0, name.size() + 1, name + ':') == 0) return row;
    return {};
}

// Types `password` at "New password: " (and again) and waits for why it was not taken.
void is_asked_again(Terminal& terminal, const std::string& password, const std::string& why) {
    choose_password(terminal, password);
    terminal.expect(why);
}

// At "New password: " the administrator acts; then the person types on.
void administrator_wins(Terminal& terminal, const std::vector<std::string>& command) {
    terminal.expect("New password: ");
    must_run(command);
    const std::string row = shadow_row("ada");
    terminal.send_line(new_password);
    if (terminal.expect_any({"Retype new password: ", unavailable}) == 0) {
        terminal.send_line(new_password);
        terminal.expect(unavailable);
    }
    terminal.expect("Press Enter to continue: ");
    terminal.send_line("");
    CHECK(shadow_row("ada") == row);
}

void administrator_wins_at_console(const std::vector<std::string>& command) {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    administrator_wins(login, command);
    login.expect("Login incorrect");
    CHECK(login.transcript().find("Your password has been changed.") == std::string::npos);
}

}  // namespace

TEST_CASE("without pam_pwquality a short password and the old one are refused and asked again") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    is_asked_again(login, "a", "The password is too short, choose at least 8 characters.");
    is_asked_again(login, old_password, "That is the password you have now");
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
}

TEST_CASE("without pam_pwquality the user name and an empty one are refused and asked again") {
    const std::string user = "adalovelace";
    Enrolled host;
    host.machine.add_account(user, old_password);
    host.machine.enroll_email(user, "lovelace@example.org");
    Terminal login = host.machine.console(user);
    prove_at_console(host.machine, login);
    is_asked_again(login, "AdaLovelace", "The password must not be the user name.");
    is_asked_again(login, "", "The password is too short");
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, user));
    CHECK(host.machine.password_is(user, new_password));
}

TEST_CASE("a new password that was not repeated alike is asked again") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect("New password: ");
    login.send_line(new_password);
    login.expect("Retype new password: ");
    login.send_line("another one");
    login.expect("Sorry, passwords do not match.");
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
}

TEST_CASE("over ssh the reason for a refusal stands in the prompt that follows") {
    Enrolled host;
    SshServer server;
    Terminal client = server.connect("ada");
    prove_over_ssh(host, client);
    choose_password(client, "a");
    const std::string again = client.expect("New password: ");
    CHECK(again.find("The password is too short") != std::string::npos);
    client.send_line(new_password);
    client.expect("Retype new password: ");
    client.send_line(new_password);
    CHECK(host.machine.signed_in(client, "ada"));
}

TEST_CASE("with pam_pwquality a weak password is refused as the host says, and a good one taken") {
    Enrolled host;
    host.machine.use_pwquality();
    // Without cracklib's dictionary, which the layer lacks, every password would be weak.
    write_file("/etc/security/pwquality.conf", "dictcheck = 0\n");
    host.machine.run_setup();
    REQUIRE(file_text(service).find("pam_pwquality.so") != std::string::npos);
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect("New password: ");
    login.send_line("lanternretnal");  // long enough for the floor
    login.expect("BAD PASSWORD: The password is a palindrome");
    choose_password(login, "violet ferry lantern 29");
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", "violet ferry lantern 29"));
}

TEST_CASE("after the change the old password is dead and the new one signs in") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    REQUIRE(host.machine.signed_in(login, "ada"));
    CHECK(is_refused_at_console(host.machine, "ada", old_password));
    CHECK(signs_in_at_console(host.machine, "ada", new_password));
}

TEST_CASE("usermod -L while \"New password:\" is open wins") {
    administrator_wins_at_console({"usermod", "-L", "ada"});
}

TEST_CASE("passwd -l while \"New password:\" is open wins") {
    administrator_wins_at_console({"passwd", "-l", "ada"});
}

TEST_CASE("chage -E 0 while \"New password:\" is open wins") {
    administrator_wins_at_console({"chage", "-E", "0", "ada"});
}

TEST_CASE("a shell that is none, given while \"New password:\" is open, wins") {
    administrator_wins_at_console({"usermod", "-s", "/usr/sbin/nologin", "ada"});
}

TEST_CASE("another uid, given while \"New password:\" is open, wins") {
    administrator_wins_at_console({"usermod", "-u", "4711", "ada"});
}

TEST_CASE("userdel while \"New password:\" is open wins") {
    administrator_wins_at_console({"userdel", "ada"});
    CHECK(shadow_row("ada").empty());
}

TEST_CASE("a password the administrator sets while \"New password:\" is open stays") {
    administrator_wins_at_console({"sh", "-c", "echo 'ada:from the help desk' | chpasswd"});
}

TEST_CASE("over ssh usermod -L while \"New password:\" is open wins") {
    Enrolled host;
    SshServer server;
    Terminal client = server.connect("ada");
    prove_over_ssh(host, client);
    administrator_wins(client, {"usermod", "-L", "ada"});
    CHECK(client.transcript().find("Your password has been changed.") == std::string::npos);
}

TEST_CASE("an administrator who acts between the password and its repetition wins") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect("New password: ");
    login.send_line(new_password);
    login.expect("Retype new password: ");
    must_run({"usermod", "-L", "ada"});
    const std::string row = shadow_row("ada");
    login.send_line(new_password);
    login.expect(unavailable);
    login.send_line("");
    login.expect("Login incorrect");
    CHECK(shadow_row("ada") == row);
}

TEST_CASE("three refusals by the rules end the recovery and do not use up the day") {
    Enrolled host;
    const std::string row = shadow_row("ada");
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    for (int i = 0; i < 3; ++i)
        is_asked_again(login, "a", "The password is too short, choose at least 8 characters.");
    login.expect("Press Enter to continue: ");
    login.send_line("");
    login.expect("Login incorrect");
    CHECK(shadow_row("ada") == row);

    static_cast<void>(host.machine.next_message());  // the notice of the first
    Terminal later = host.machine.console("ada");
    prove_at_console(host.machine, later);
    choose_password(later, new_password);
    CHECK(host.machine.signed_in(later, "ada"));
}

TEST_CASE("a later hidden prompt of the host's stack does not become the password") {
    Enrolled host;
    write_file("/etc/pam.d/common-password", file_text("/etc/pam.d/common-password") +
                                                 "\npassword optional " LATCHKEY_TEST_ASKS_LATER
                                                 "\n");
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    login.expect("Keyring password: ");
    login.send_line("the key to the ring");
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
    CHECK(login.transcript().rfind("Password: ") < login.transcript().find("New password: "));
}

TEST_CASE("a stack without its last line hands nothing over, and the host asks once more") {
    Enrolled host;
    write_file(service, "password requisite pam_latchkey.so\n@include common-password\n");
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    login.expect("Your password has been changed.");
    login.expect("Password: ");
    login.send_line(new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
}

}  // namespace latchkey
