// SPDX-License-Identifier: MIT
//
// Promise 2: who knows the password signs in as on a machine without latchkey.
#include "tests/support/catch.hpp"
#include "tests/system/machine.hpp"
#include "tests/system/ssh_server.hpp"

namespace latchkey {
namespace {

constexpr const char* password = "correct horse battery";

// Signs in at the console with the prompts that Debian has on its own.
bool signs_in(Machine& machine, const std::string& typed) {
    Terminal login = machine.console("ada");
    login.expect("Password: ");
    login.send_line(typed);
    return machine.signed_in(login, "ada");
}

}  // namespace

TEST_CASE("installed and not set up, a login at the console is as before") {
    Machine machine;
    machine.add_account("ada", password);
    Terminal login = machine.console("ada");
    const std::string before_password = login.expect("Password: ");
    login.send_line(password);
    CHECK(machine.signed_in(login, "ada"));
    CHECK(before_password == "Password: ");
}

TEST_CASE("installed and not set up, a wrong password is refused") {
    Machine machine;
    machine.add_account("ada", password);
    Terminal login = machine.console("ada");
    login.expect("Password: ");
    login.send_line("not my password");
    login.expect("Login incorrect");
    CHECK(machine.password_is("ada", password));
}

TEST_CASE("installed and not set up, sshd takes the password both ways") {
    Machine machine;
    machine.add_account("ada", password);
    SshServer server;
    Terminal interactive = server.connect("ada");
    interactive.expect("Password: ");
    interactive.send_line(password);
    CHECK(machine.signed_in(interactive, "ada"));

    Terminal by_password = server.connect_by_password("ada");
    by_password.expect("ada@127.0.0.1's password: ");
    by_password.send_line(password);
    CHECK(machine.signed_in(by_password, "ada"));
}

TEST_CASE("an account without a password signs in as before") {
    Machine machine;
    machine.add_account("ada", password);
    must_run({"passwd", "-d", "ada"});
    Terminal login = machine.console("ada");
    CHECK(machine.signed_in(login, "ada"));
}

TEST_CASE("three failed logins lock the account where pam_faillock counts") {
    Machine machine;
    machine.add_account("ada", password);
    machine.use_faillock();
    Terminal login = machine.console("ada");
    for (int failure = 0; failure < 3; ++failure) {
        if (failure > 0) {
            login.expect("login: ");
            login.send_line("ada");
        }
        login.expect("Password: ");
        login.send_line("not my password");
        login.expect("Login incorrect");
    }
    Terminal locked = machine.console("ada");
    locked.expect("The account is locked");
    locked.expect("Login incorrect");
    must_run({"faillock", "--user", "ada", "--reset"});
    CHECK(signs_in(machine, password));
}

}  // namespace latchkey
