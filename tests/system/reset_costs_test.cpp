// SPDX-License-Identifier: MIT
//
// Who has a login keyring reads before a reset what the new password will not open.
#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"

namespace latchkey {
namespace {

constexpr const char* kCosts = "A new password does not open what only the old one opens:";
constexpr const char* kYes = "(Enter to change nothing): ";

struct WithKeyring : Enrolled {
    WithKeyring() {
        must_run({"/usr/sbin/runuser", "-u", "ada", "--", "/bin/mkdir", "-p",
                  "/home/ada/.local/share/keyrings"});
        must_run({"/usr/sbin/runuser", "-u", "ada", "--", "/usr/bin/touch",
                  "/home/ada/.local/share/keyrings/login.keyring"});
    }
};

}  // namespace

TEST_CASE("a keyring is told of before a reset, and a plain yes goes on") {
    WithKeyring host;
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect(kCosts);
    login.expect("the login keyring (GNOME)");
    login.expect(kYes);
    login.send_line("yes");
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("who does not want it changes nothing, and the log says so") {
    WithKeyring host;
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect(kCosts);
    login.expect(kYes);
    login.send_line("y");
    login.expect("Nothing was changed.");
    CHECK(host.machine.password_is("ada", old_password));
    const Completed audit = run_command({"/usr/bin/latchkey", "audit", "ada"});
    CHECK(audit.out.find("act=declined") != std::string::npos);
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("over ssh it is told behind all proofs, and nowhere before") {
    WithKeyring host;
    SshServer server;
    Terminal client = server.connect("ada");
    prove_over_ssh(host, client);
    CHECK(client.transcript().find(kCosts) == std::string::npos);
    client.expect(kCosts);
    client.expect(kYes);
    client.send_line("yes");
    choose_password(client, new_password);
    CHECK(host.machine.signed_in(client, "ada"));
}

TEST_CASE("without a keyring nothing is asked") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(login.transcript().find(kCosts) == std::string::npos);
}

}  // namespace latchkey
