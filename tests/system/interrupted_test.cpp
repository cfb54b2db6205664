// SPDX-License-Identifier: MIT
//
// Connections that are cut, and processes that are killed, in the middle of a
// recovery: nothing is half done, nothing stays behind, and who was cut off
// after the first proof goes on with the resume code.
#include <functional>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* not_known = "No recovery can be resumed with that code here and now.";
constexpr const char* not_now = "Getting back into your account does not work now.";

// Over ssh up to the menu after the first proof; its resume code.
std::string prove_once_over_ssh(Machine& machine, Terminal& client,
                                const std::string& reason = forgot) {
    ask_for_recovery(client, reason);
    type_address(client, "ada@example.org");
    type_code(client, machine.next_message().code());
    std::string code = resume_code(client);
    client.expect("(Enter to go back): ");
    return code;
}

// The same at a console that asks for two gates.
std::string prove_once_at_console(Machine& machine, Terminal& login) {
    prove_at_console(machine, login);
    std::string code = resume_code(login);
    login.expect("(Enter to go back): ");
    return code;
}

void prove_by_app(Enrolled& host, Terminal& terminal) {
    choose(terminal, "authenticator app");
    type_code(terminal, authenticator_shows(host.app_key));
}

// Brings `terminal`, where "New password:" may stand or not, to an end without a
// word and looks that nothing of it is left.
void cut(Terminal& terminal) {
    terminal.hang_up();
    CHECK(latchkey_comes_to_rest());
}

// Each place of a conversation at a console where the line may be cut.
struct Place {
    const char* name;
    std::function<void(Machine&, Terminal&)> go_there;
};

const std::vector<Place> console_places{
    {"at the reason",
     [](Machine&, Terminal& login) {
         login.expect("Password: ");
         login.send_line("");
         login.expect("(Enter to go back): ");
     }},
    {"at the menu",
     [](Machine&, Terminal& login) {
         ask_for_recovery(login);
         login.expect("(Enter to go back): ");
     }},
    {"at the code",
     [](Machine& machine, Terminal& login) {
         ask_for_recovery(login);
         choose(login, "E-mail");
         static_cast<void>(machine.next_message());
         login.expect("Code: ");
     }},
    {"at the new password",
     [](Machine& machine, Terminal& login) {
         prove_at_console(machine, login);
         login.expect("New password: ");
     }},
    {"at its repetition",
     [](Machine& machine, Terminal& login) {
         prove_at_console(machine, login);
         login.expect("New password: ");
         login.send_line(new_password);
         login.expect("Retype new password: ");
     }},
};

}  // namespace

TEST_CASE("who is cut off at the console after the first proof goes on with the resume code") {
    Enrolled host;
    host.machine.configure("[gates]\nconsole = 2\n");
    std::string code;
    {
        Terminal login = host.machine.console("ada");
        code = prove_once_at_console(host.machine, login);
        cut(login);
    }
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login, code);
    // The first proof still counts, and is not offered again.
    CHECK(resume_code(login) != code);
    CHECK(login.transcript().find("E-mail") == std::string::npos);
    prove_by_app(host, login);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
}

TEST_CASE("who is cut off because sshd's process was killed goes on with the resume code") {
    Enrolled host;
    SshServer server;
    Terminal first = server.connect("ada");
    const std::string code = prove_once_over_ssh(host.machine, first);
    const std::vector<pid_t> conversations = server.conversations_of("ada");
    REQUIRE(conversations.size() == 1);
    kill_for_good(conversations.front());
    // sshd itself notices with the next answer only, latchkey at once.
    CHECK(latchkey_comes_to_rest());
    first.hang_up();

    Terminal second = server.connect("ada");
    ask_for_recovery(second, code);
    prove_by_app(host, second);
    choose_password(second, new_password);
    CHECK(host.machine.signed_in(second, "ada"));
}

TEST_CASE("who hangs up over ssh goes on with the resume code, in lower case and without hyphen") {
    Enrolled host;
    SshServer server;
    std::string code;
    {
        Terminal first = server.connect("ada");
        code = prove_once_over_ssh(host.machine, first);
        cut(first);
    }
    std::string typed;
    for (const char c : code)
        if (c != '-') typed += static_cast<char>(tolower(c));
    Terminal second = server.connect("ada");
    ask_for_recovery(second, typed);
    prove_by_app(host, second);
    choose_password(second, new_password);
    CHECK(host.machine.signed_in(second, "ada"));
}

TEST_CASE("a resumed recovery keeps its reason, whatever was meant the second time") {
    Enrolled host;
    host.machine.use_faillock();
    SshServer server;
    for (int i = 0; i < 3; ++i) is_refused_at_console(host.machine, "ada", "not my password");
    std::string code;
    {
        Terminal first = server.connect("ada");
        code = prove_once_over_ssh(host.machine, first, know_my_password);
        cut(first);
    }
    Terminal second = server.connect("ada");
    ask_for_recovery(second, code);
    prove_by_app(host, second);
    second.expect("Your account is no longer locked.");
    second.expect("Password: ");
    second.send_line(old_password);
    CHECK(host.machine.signed_in(second, "ada"));
}

TEST_CASE("no password is set in a connection in which nothing was proven") {
    Enrolled host;
    SshServer server;
    const std::string shadow = file_text("/etc/shadow");
    std::string code;
    {
        Terminal first = server.connect("ada");
        code = prove_once_over_ssh(host.machine, first);
        cut(first);
    }
    Terminal second = server.connect("ada");
    ask_for_recovery(second, code);
    choose(second, "authenticator app");
    type_code(second, "000000");
    second.expect("That was not right.");
    CHECK(second.transcript().find("New password") == std::string::npos);
    cut(second);
    CHECK(file_text("/etc/shadow") == shadow);
}

TEST_CASE("a resume code works once, and no longer when the next one is on the screen") {
    Enrolled host;
    SshServer server;
    std::string code;
    {
        Terminal first = server.connect("ada");
        code = prove_once_over_ssh(host.machine, first);
        cut(first);
    }
    std::string next;
    {
        Terminal second = server.connect("ada");
        ask_for_recovery(second, code);
        next = resume_code(second);
        second.expect("(Enter to go back): ");
        cut(second);
    }
    Terminal third = server.connect("ada");
    ask_for_recovery(third, code);
    third.expect(not_known);
    third.expect("(Enter to go back): ");
    third.send_line(next);
    prove_by_app(host, third);
    third.expect("New password: ");
}

TEST_CASE("a resume code works for its account, its service and its place alone") {
    Enrolled host;
    host.machine.add_account("ben", old_password);
    host.machine.enroll_email("ben", "ben@example.org");
    SshServer server;
    std::string code;
    {
        Terminal first = server.connect("ada");
        code = prove_once_over_ssh(host.machine, first);
        cut(first);
    }
    Terminal console = host.machine.console("ada");
    ask_for_recovery(console, code);
    console.expect(not_known);
    Terminal other = server.connect("ben");
    ask_for_recovery(other, code);
    other.expect(not_known);
    Terminal nobody = server.connect("zoe");
    ask_for_recovery(nobody, code);
    nobody.expect(not_known);
    // None of these has used it up.
    Terminal second = server.connect("ada");
    ask_for_recovery(second, code);
    prove_by_app(host, second);
    second.expect("New password: ");
}

TEST_CASE("a wrong resume code is asked for again, and the reason can be given instead") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login, "BCDF-GHJK");
    login.expect(not_known);
    login.expect("(Enter to go back): ");
    login.send_line(forgot);
    choose(login, "E-mail");
    type_code(login, host.machine.next_message().code());
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("hanging up at any question of the console leaves nothing, and the next attempt works") {
    Enrolled host;
    const std::string shadow = file_text("/etc/shadow");
    for (const Place& place : console_places) {
        CAPTURE(place.name);
        Terminal login = host.machine.console("ada");
        place.go_there(host.machine, login);
        cut(login);
        CHECK(file_text("/etc/shadow") == shadow);
        static_cast<void>(host.machine.take_messages());
    }
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    evidence("T8 hanging up", std::to_string(console_places.size()) + " questions of the console",
             "shadow unchanged, nothing left, the next attempt works");
}

TEST_CASE("hanging up at any question over ssh leaves nothing, and the next attempt works") {
    Enrolled host;
    SshServer server;
    const std::string shadow = file_text("/etc/shadow");
    for (int answers = 0; answers <= 4; ++answers) {
        CAPTURE(answers);
        Terminal client = server.connect("ada");
        ask_for_recovery(client);
        if (answers > 0) type_address(client, "ada@example.org");
        if (answers > 1) type_code(client, host.machine.next_message().code());
        // What the app shows is accepted once, so the second gate is a saved code.
        if (answers > 2) choose(client, "recovery codes");
        if (answers > 3) type_code(client, host.saved_codes.front());
        client.expect_any({"recovery codes: ", "Enter goes back): ", "(Enter to go back): ",
                           "code: ", "New password: "});
        cut(client);
        CHECK(file_text("/etc/shadow") == shadow);
        static_cast<void>(host.machine.take_messages());
    }
    Terminal client = server.connect("ada");
    prove_over_ssh(host, client);
    choose_password(client, new_password);
    CHECK(host.machine.signed_in(client, "ada"));
}

TEST_CASE("a monitor or verifier that is killed while the new password is typed changes nothing") {
    Enrolled host;
    const std::string shadow = file_text("/etc/shadow");
    for (const char* victim : {login_monitor, login_verifier}) {
        CAPTURE(victim);
        Terminal login = host.machine.console("ada");
        prove_at_console(host.machine, login);
        login.expect("New password: ");
        kill_for_good(only_process(victim));
        login.send_line(new_password);
        login.expect(not_now);
        login.expect("Press Enter to continue: ");
        login.send_line("");
        login.expect("Login incorrect");
        CHECK(file_text("/etc/shadow") == shadow);
        CHECK(latchkey_comes_to_rest());
        // The same login program goes on asking.
        login.expect("login: ");
        login.send_line("ada");
        login.expect("Password: ");
        login.send_line(old_password);
        CHECK(host.machine.signed_in(login, "ada"));
        static_cast<void>(host.machine.take_messages());
    }
    CHECK(host.machine.password_is("ada", old_password));
}

TEST_CASE("a monitor or verifier that is killed at the code over ssh costs that login alone") {
    Enrolled host;
    SshServer server;
    for (const char* victim : {login_monitor, login_verifier}) {
        CAPTURE(victim);
        Terminal client = server.connect("ada");
        ask_for_recovery(client);
        type_address(client, "ada@example.org");
        client.expect("Enter goes back): ");
        const std::string code = host.machine.next_message().code();
        kill_for_good(only_process(victim));
        client.send_line(code);
        client.expect(not_now);
        client.expect("Press Enter to continue: ");
        client.send_line("");
        client.expect("Password: ");
        client.send_line(old_password);
        CHECK(host.machine.signed_in(client, "ada"));
        CHECK(latchkey_comes_to_rest());
    }
}

}  // namespace latchkey
