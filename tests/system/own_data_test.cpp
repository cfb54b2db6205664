// SPDX-License-Identifier: MIT
//
// Ordinary users see what is kept about them, and have all of it taken away, over the socket of
// the installed packages.
#include <sys/wait.h>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/comes_true.hpp"
#include "tests/system/processes.hpp"
#include "tests/system/user_socket.hpp"

namespace latchkey {
namespace {

constexpr const char* password = "correct horse battery";
constexpr const char* address = "ada.lovelace@example.org";

// ada with an address and saved codes, on a host where the monitor listens for users.
struct Host {
    Machine machine;
    RunningProgram listener;
    std::vector<std::string> codes;

    Host() {
        machine.add_account("ada", password);
        machine.set_up();
        machine.enroll_email("ada", address);
        codes = machine.new_saved_codes("ada");
        listener = listen_for_users();
    }
};

void type_password(Terminal& terminal, const std::string& typed) {
    terminal.expect("Password: ");
    terminal.send_line(typed);
}

nlohmann::json status() {
    const Completed done = run_command(as_user("ada", {"status", "--json"}));
    INFO(done.err);
    REQUIRE(done.status == 0);
    return nlohmann::json::parse(done.out);
}

void forget(Host& host) {
    Terminal terminal{as_user("ada", {"forget"})};
    terminal.expect("Type yes to go on: ");
    terminal.send_line("yes");
    type_password(terminal, password);
    choose(terminal, "Enter one of my recovery codes or a temporary pass");
    terminal.expect("Pass or recovery code: ");
    terminal.send_line(host.codes.at(0));
    terminal.expect("All your ways to get back in go");
    CHECK(terminal.expect_end() == 0);
}

}  // namespace

TEST_CASE("an owner is shown what is kept about them in full, behind the password") {
    Host host;
    Terminal terminal{as_user("ada", {"export"})};
    type_password(terminal, password);
    terminal.expect("\"activity\"");
    terminal.expect(address);
    CHECK(terminal.expect_end() == 0);
    CHECK(terminal.transcript().find(password) == std::string::npos);
    CHECK(terminal.transcript().find(host.codes.at(0)) == std::string::npos);
    const Completed audit = run_command({"/usr/bin/latchkey", "audit", "ada", "--json"});
    CHECK(audit.out.find("\"export\"") != std::string::npos);
}

TEST_CASE("without the password nothing of what is kept is shown") {
    Host host;
    Terminal terminal{as_user("ada", {"export"})};
    type_password(terminal, "battery staple horse");
    terminal.expect("that was not your password");
    CHECK(WEXITSTATUS(terminal.expect_end()) == 3);
    CHECK(terminal.transcript().find(address) == std::string::npos);
}

TEST_CASE("whoever forgets everything gets back in until it is over, and every login says so") {
    Host host;
    forget(host);
    const auto account = status();
    CHECK_FALSE(account.at("methods").at(0).at("gone_from").is_null());
    CHECK_FALSE(account.at("saved_codes_until").is_null());
    CHECK(account.at("saved_codes_left") == 9);
    CHECK(host.machine.next_message().text.find("removed everything that is set up") !=
          std::string::npos);
    {
        Terminal login = host.machine.console("ada");
        type_password(login, password);
        login.expect("all ways back into this account were taken away");
        CHECK(host.machine.signed_in(login, "ada"));
    }
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    const Completed verified = run_command({"/usr/bin/latchkey", "audit", "verify"});
    INFO(verified.out << verified.err);
    CHECK(verified.status == 0);
}

TEST_CASE("an address that is told ends it, with the saved codes as well") {
    Host host;
    forget(host);
    const std::string text = host.machine.next_message().text;
    const std::string label = "latchkey deny ";
    const auto at = text.find(label);
    REQUIRE(at != text.npos);
    const Completed denied =
        run_command(as_user("ada", {"deny", text.substr(at + label.size(), 11)}));
    INFO(denied.err);
    REQUIRE(denied.status == 0);
    CHECK(status().at("methods").at(0).at("gone_from").is_null());
    CHECK(status().at("saved_codes_until").is_null());
}

TEST_CASE("who is not sure is asked nothing more, and nothing goes") {
    Host host;
    Terminal terminal{as_user("ada", {"forget"})};
    terminal.expect("Type yes to go on: ");
    terminal.send_line("no");
    terminal.expect("given up; nothing was changed");
    CHECK(WEXITSTATUS(terminal.expect_end()) == 1);
    CHECK(status().at("methods").at(0).at("gone_from").is_null());
    CHECK(host.machine.waiting_messages().empty());
}

TEST_CASE("a domain beyond ASCII is enrolled in its form in the DNS, which is shown") {
    Host host;
    const Completed done = run_command({"/usr/bin/latchkey", "enroll", "ada", "email",
                                        "ada@b\xc3\xbc"
                                        "cher.example"});
    INFO(done.err);
    CHECK(done.status == 0);
    CHECK(done.err.find("ada@xn--bcher-kva.example") != std::string::npos);
    CHECK(done.out.find("ada@xn--bcher-kva.example") != std::string::npos);
    CHECK(status().at("methods").size() == 2);
    const Completed refused = run_command({"/usr/bin/latchkey", "enroll", "ada", "email",
                                           "\xc3\xa4"
                                           "da@example.org"});
    CHECK(refused.status == 2);
    CHECK(refused.out.empty());
}

}  // namespace latchkey
