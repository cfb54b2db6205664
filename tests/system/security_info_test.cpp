// SPDX-License-Identifier: MIT
//
// Ordinary users change how they get back into their accounts, over the socket of the installed
// packages, as people at a terminal do.

#include <pwd.h>

#include <algorithm>
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

constexpr const char* adas_password = "correct horse battery";
constexpr const char* bobs_password = "battery staple horse";
constexpr const char* new_address = "ada@example.org";

// ada and bob on a host where somebody listens for users.
struct Host {
    Machine machine;
    RunningProgram listener;

    explicit Host(Listener kind = Listener::Monitor) {
        machine.add_account("ada", adas_password);
        machine.add_account("bob", bobs_password);
        machine.set_up();
        listener = listen_for_users(kind);
    }

    std::string message_code() {
        const std::string text = machine.next_message().text;
        const std::string label = " code: ";
        const auto at = text.find(label);
        REQUIRE(at != text.npos);
        return text.substr(at + label.size(), 9);
    }
    // The veto code in the next message.
    std::string veto() {
        const std::string text = machine.next_message().text;
        const std::string label = "latchkey deny ";
        const auto at = text.find(label);
        REQUIRE(at != text.npos);
        return text.substr(at + label.size(), 11);
    }
};

void type_password(Terminal& terminal, const std::string& password) {
    terminal.expect("Password: ");
    terminal.send_line(password);
}

// ada proves the address that root gave her, and confirms the new one.
void enrol_second_address(Host& host) {
    Terminal terminal{as_user("ada", {"enroll", "email", new_address})};
    type_password(terminal, adas_password);
    terminal.expect("How should we verify that it is you?");
    terminal.expect("Choose 1-3 (Enter to go back): ");
    terminal.send_line("1");
    terminal.expect("Code: ");
    terminal.send_line(host.message_code());
    terminal.expect("To be sure that it reaches you");
    terminal.expect("Code (Enter to change nothing): ");
    terminal.send_line(host.message_code());
    terminal.expect("You can get back in by email");
    CHECK(terminal.expect_end() == 0);
}

nlohmann::json status_of(const std::string& user) {
    const Completed done = run_command(as_user(user, {"status", "--json"}));
    INFO(done.err);
    REQUIRE(done.status == 0);
    return nlohmann::json::parse(done.out);
}

}  // namespace

namespace {

void set_up_an_address(Listener listener) {
    Host host{listener};
    {
        Terminal terminal{as_user("ada", {"enroll", "email", new_address})};
        type_password(terminal, adas_password);
        terminal.expect("is on its way to a...a\nat e....org.");
        terminal.expect("Code (Enter to change nothing): ");
        terminal.send_line("00000000");
        terminal.expect("That was not right.");
        terminal.expect("Code (Enter to change nothing): ");
        terminal.send_line(host.message_code());
        terminal.expect("You can get back in by email, a...a at e....org from ");
        CHECK(terminal.expect_end() == 0);
        CHECK(terminal.transcript().find(adas_password) == std::string::npos);
    }
    CHECK(status_of("ada").at("methods").size() == 1);
    CHECK(status_of("ada").at("ways") == 0);
    {
        Terminal login = host.machine.console("ada");
        type_password(login, adas_password);
        login.expect("a first way back into this account was");
        CHECK(host.machine.signed_in(login, "ada"));
    }
    CHECK(host.machine.waiting_messages().empty());
    host.machine.enroll_email("ada", new_address);
    CHECK(status_of("ada").at("ways") == 1);
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

}  // namespace

TEST_CASE("who has signed in sets up an address, which waits, and counts at once if root says so") {
    set_up_an_address(Listener::Monitor);
}

TEST_CASE("systemd's socket serves users as the monitor's own does") {
    set_up_an_address(Listener::Systemd);
}

TEST_CASE("without the password nothing is changed, whoever sits there") {
    Host host;
    Terminal terminal{as_user("ada", {"enroll", "email", new_address})};
    type_password(terminal, bobs_password);
    terminal.expect("that was not your password; nothing was changed");
    CHECK(terminal.expect_end() != 0);
    CHECK(status_of("ada").at("methods").empty());
    CHECK(host.machine.waiting_messages().empty());
    const Completed audit = run_command({"/usr/bin/latchkey", "audit", "ada", "--json"});
    CHECK(audit.out.find("\"password\"") != std::string::npos);
    CHECK(audit.out.find(bobs_password) == std::string::npos);
}

TEST_CASE("an old address is told of a new one, and its veto undoes it") {
    Host host;
    host.machine.enroll_email("ada", "ada@example.com");
    enrol_second_address(host);
    const std::string code = host.veto();
    CHECK(status_of("ada").at("methods").size() == 2);
    const Completed wrong = run_command(as_user("ada", {"deny", "BCDFG-HJKLM"}));
    CHECK(wrong.status == 1);
    const Completed others = run_command(as_user("bob", {"deny", code}));
    CHECK(others.status == 1);
    CHECK(status_of("ada").at("methods").size() == 2);
    const Completed done = run_command(as_user("ada", {"deny", code}));
    INFO(done.err);
    CHECK(done.status == 0);
    CHECK(status_of("ada").at("methods").size() == 1);
    CHECK(run_command(as_user("ada", {"deny", code})).status == 1);
    Terminal frozen{as_user("ada", {"codes", "--new"})};
    type_password(frozen, adas_password);
    frozen.expect("nothing can be changed until ");
    const Completed verified = run_command({"/usr/bin/latchkey", "audit", "verify"});
    INFO(verified.out << verified.err);
    CHECK(verified.status == 0);
}

TEST_CASE("new saved codes of one's own making open nothing before their time") {
    Host host;
    host.machine.enroll_email("ada", "ada@example.com");
    const auto old_codes = host.machine.new_saved_codes("ada");
    Terminal terminal{as_user("ada", {"codes", "--new"})};
    type_password(terminal, adas_password);
    choose(terminal, "Enter one of my recovery codes or a temporary pass");
    terminal.expect("Pass or recovery code: ");
    terminal.send_line(old_codes.at(0));
    terminal.expect("until then earlier codes stay good");
    CHECK(terminal.expect_end() == 0);
    const std::string text = terminal.transcript();
    const auto at = text.find("\n  ", text.find("Pass or recovery code: "));
    REQUIRE(at != text.npos);
    const std::string made = text.substr(at + 3, 19);
    CHECK(status_of("ada").at("saved_codes_left") == 9);
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "Enter one of my recovery codes or a temporary pass");
    login.expect("Pass or recovery code: ");
    login.send_line(made);
    login.expect("That was not right.");
    CHECK(status_of("ada").at("saved_codes_left") == 9);
    CHECK_FALSE(status_of("ada").at("saved_codes_from").is_null());
}

TEST_CASE("whoever holds their two places keeps nobody else out") {
    Host host;
    Terminal first{as_user("ada", {"enroll", "email", new_address})};
    first.expect("Password: ");
    Terminal second{as_user("ada", {"enroll", "email", new_address})};
    second.expect("Password: ");
    const Completed third = run_command(as_user("ada", {"status"}));
    CHECK(third.status == 75);
    CHECK(status_of("bob").at("user") == "bob");
    second.hang_up();
    CHECK(comes_true([] { return run_command(as_user("ada", {"status"})).status == 0; }));
}

TEST_CASE("an account that can become root gets its first way from root") {
    Host host;
    host.machine.add_account("eve", adas_password, {"sudo"});
    Terminal terminal{as_user("eve", {"enroll", "email", new_address})};
    type_password(terminal, adas_password);
    terminal.expect("the administrator enrols the first one");
    CHECK(host.machine.waiting_messages().empty());
}

TEST_CASE("users see their own account alone, and root's verbs are root's") {
    Host host;
    host.machine.enroll_email("ada", "ada@example.com");
    CHECK(status_of("bob").at("user") == "bob");
    CHECK(status_of("bob").at("methods").empty());
    for (const char* verb : {"status", "unlock"})
        CHECK(run_command(as_user("bob", {verb, "ada"})).status == 3);
    for (const char* verb : {"check", "setup", "audit"})
        CHECK(run_command(as_user("bob", {verb})).status == 3);
    CHECK(run_command(as_user("bob", {"activity"})).status == 0);
    CHECK(run_command(as_user("bob", {"activity"})).out.find("ada") == std::string::npos);
}

TEST_CASE("who is somebody else in a user namespace of their own is served as who they are") {
    Host host;
    host.machine.enroll_email("bob", "bob@example.com");
    const auto in_namespace = [](const std::string& as_whom,
                                 const std::vector<std::string>& words) {
        std::vector<std::string> argv = as_user("ada", words);
        const std::vector<std::string> unshare{"/usr/bin/unshare", "--user", as_whom};
        argv.insert(std::find(argv.begin(), argv.end(), "/usr/bin/latchkey"), unshare.begin(),
                    unshare.end());
        return run_command(argv);
    };
    const std::string bob = std::to_string(::getpwnam("bob")->pw_uid);
    const Completed as_bob = in_namespace("--map-user=" + bob, {"status", "--json"});
    INFO(as_bob.err);
    REQUIRE(as_bob.status == 0);
    CHECK(nlohmann::json::parse(as_bob.out).at("user") == "ada");
    CHECK(nlohmann::json::parse(as_bob.out).at("methods").empty());
    const Completed as_root = in_namespace("--map-user=0", {"status", "bob", "--json"});
    CHECK(as_root.status != 0);
    CHECK(as_root.out.empty());
}

TEST_CASE("where nobody listens the command says so, and signing in is as ever") {
    Host host;
    host.listener.kill();
    const Completed done = run_command(as_user("ada", {}));
    CHECK(done.status == 7);
    CHECK(done.err.find("nobody listens at ") != std::string::npos);
    CHECK(signs_in_at_console(host.machine, "ada", adas_password));
}

}  // namespace latchkey
