// SPDX-License-Identifier: MIT
//
// Promise 2: who knows the password signs in as on a machine without latchkey.
#include <filesystem>
#include <functional>

#include "tests/support/catch.hpp"
#include "tests/system/machine.hpp"
#include "tests/system/ssh_server.hpp"

namespace latchkey {
namespace {

constexpr const char* password = "correct horse battery";
const std::string hint = "Forgot your password, or locked out? Press Enter.\n";

bool signs_in(Machine& machine) {
    Terminal login = machine.console("ada");
    login.expect("Password: ");
    login.send_line(password);
    return machine.signed_in(login, "ada");
}

bool signs_in_over_ssh(Machine& machine) {
    const SshServer server;
    Terminal client = server.connect("ada");
    client.expect("Password: ");
    client.send_line(password);
    return machine.signed_in(client, "ada");
}

// Set up and enrolled, as a host in use; then broken.
void break_after_set_up(Machine& machine, const std::function<void()>& break_it) {
    machine.add_account("ada", password);
    machine.set_up();
    machine.enroll_email("ada", "ada@example.org");
    break_it();
}

void run_shell(const std::string& command) {
    must_run({"sh", "-c", command});
}

}  // namespace

TEST_CASE("installed and not set up, a login at the console is as before") {
    Machine machine;
    machine.add_account("ada", password);
    Terminal login = machine.console("ada");
    CHECK(login.expect("Password: ") == "Password: ");
    login.send_line(password);
    CHECK(machine.signed_in(login, "ada"));
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
    const SshServer server;
    Terminal interactive = server.connect("ada");
    CHECK(interactive.expect("Password: ").find("Forgot") == std::string::npos);
    interactive.send_line(password);
    CHECK(machine.signed_in(interactive, "ada"));

    Terminal by_password = server.connect_by_password("ada");
    by_password.expect("ada@127.0.0.1's password: ");
    by_password.send_line(password);
    CHECK(machine.signed_in(by_password, "ada"));
}

TEST_CASE("set up, a login at the console sees the hint and one prompt") {
    Machine machine;
    machine.add_account("ada", password);
    machine.set_up();
    Terminal login = machine.console("ada");
    CHECK(login.expect("Password: ") == hint + "Password: ");
    login.send_line(password);
    CHECK(machine.signed_in(login, "ada"));
}

TEST_CASE("set up, a wrong password is refused and nothing is started") {
    Machine machine;
    machine.add_account("ada", password);
    machine.set_up();
    Terminal login = machine.console("ada");
    login.expect("Password: ");
    login.send_line("not my password");
    login.expect("Login incorrect");
    CHECK(machine.log().find("latchkey-verifier") == std::string::npos);
}

TEST_CASE("set up, sshd takes the password both ways") {
    Machine machine;
    machine.add_account("ada", password);
    machine.set_up();
    CHECK(signs_in_over_ssh(machine));
    const SshServer server;
    Terminal client = server.connect_by_password("ada");
    client.expect("ada@127.0.0.1's password: ");
    client.send_line(password);
    CHECK(machine.signed_in(client, "ada"));
}

TEST_CASE("an account without a password signs in as before") {
    Machine machine;
    machine.add_account("ada", password);
    must_run({"passwd", "-d", "ada"});
    Terminal login = machine.console("ada");
    CHECK(machine.signed_in(login, "ada"));
}

TEST_CASE("set up, an account without a password signs in with Enter as before") {
    Machine machine;
    machine.add_account("ada", password);
    machine.set_up();
    must_run({"passwd", "-d", "ada"});
    Terminal login = machine.console("ada");
    login.expect("Password: ");
    login.send_line("");
    CHECK(machine.signed_in(login, "ada"));
}

TEST_CASE("removing the switch is enough to have the login as before") {
    Machine machine;
    break_after_set_up(machine, [] { std::filesystem::remove("/etc/latchkey/enabled"); });
    Terminal login = machine.console("ada");
    CHECK(login.expect("Password: ") == "Password: ");
    login.send_line(password);
    CHECK(machine.signed_in(login, "ada"));
}

TEST_CASE("without the profile the login is as before") {
    Machine machine;
    break_after_set_up(machine, [] {
        must_run({"pam-auth-update", "--package", "--remove", "latchkey"});
    });
    Terminal login = machine.console("ada");
    CHECK(login.expect("Password: ") == "Password: ");
    login.send_line(password);
    CHECK(machine.signed_in(login, "ada"));
}

TEST_CASE("a broken configuration does not touch an ordinary login") {
    Machine machine;
    break_after_set_up(machine, [&] { machine.configure("this is = = not toml\n"); });
    CHECK(signs_in(machine));
    CHECK(signs_in_over_ssh(machine));
}

TEST_CASE("a missing program does not touch an ordinary login") {
    for (const std::string program : {"monitor", "verifier", "channel-host"}) {
        CAPTURE(program);
        Machine machine;
        if (!std::filesystem::exists("/home/ada")) break_after_set_up(machine, [] {});
        std::filesystem::remove("/usr/libexec/latchkey/latchkey-" + program);
        CHECK(signs_in(machine));
    }
}

TEST_CASE("missing plugins do not touch an ordinary login") {
    Machine machine;
    break_after_set_up(machine, [] { run_shell("rm /usr/lib/*/latchkey/channels/*.so"); });
    CHECK(signs_in(machine));
}

TEST_CASE("a store that is absent does not touch an ordinary login") {
    Machine machine;
    break_after_set_up(machine,
                       [] { run_shell("rm -r /var/lib/latchkey /var/lib/latchkey-acts"); });
    CHECK(signs_in(machine));
}

TEST_CASE("a store that cannot be written does not touch an ordinary login") {
    Machine machine;
    break_after_set_up(machine, [] {
        run_shell("mount --bind /var/lib/latchkey /var/lib/latchkey");
        run_shell("mount -o remount,bind,ro /var/lib/latchkey");
    });
    CHECK(signs_in(machine));
    run_shell("umount /var/lib/latchkey");
}

TEST_CASE("a full disk does not touch an ordinary login") {
    Machine machine;
    break_after_set_up(machine, [] {
        run_shell("mount -t tmpfs -o size=64k,mode=0700,uid=_latchkey full /var/lib/latchkey");
        run_shell("cat /dev/zero >/var/lib/latchkey/filler || true");
    });
    CHECK(signs_in(machine));
    run_shell("umount /var/lib/latchkey");
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
    CHECK(signs_in(machine));
}

}  // namespace latchkey
