// SPDX-License-Identifier: MIT
//
// Limits at a real login: what strangers use up, what they cannot use up, and
// that an ordinary login never notices.
#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* not_right = "That was not right. Please try again.";
constexpr const char* used_up = "Too many wrong entries: that code is void.";
constexpr const char* not_now = "Getting back into your account does not work now.";

// At a console: the e-mail is chosen, and what it says comes back.
DeliveredMessage ask_for_code(Machine& machine, Terminal& login) {
    ask_for_recovery(login);
    choose(login, "E-mail");
    return machine.next_message();
}

// `count` wrong codes; the answer to the last but not yet what it is.
void type_wrong_codes(Terminal& login, const DeliveredMessage& message, int count) {
    for (int i = 0; i < count; ++i) {
        if (i > 0) login.expect(not_right);
        type_code(login, wrong_code(message));
    }
}

// A whole conversation of `count` wrong codes, cut afterwards.
void guess_in_vain(Machine& machine, int count, const char* answer = not_right) {
    Terminal login = machine.console("ada");
    const DeliveredMessage message = ask_for_code(machine, login);
    type_wrong_codes(login, message, count);
    login.expect(answer);
    login.hang_up();
    REQUIRE(latchkey_comes_to_rest());
}

// Proves it, and hangs up at "New password:", so many times.
void give_up_new_password(Machine& machine, int times) {
    for (int i = 0; i < times; ++i) {
        Terminal login = machine.console("ada");
        prove_at_console(machine, login);
        login.expect("New password: ");
        login.hang_up();
        REQUIRE(latchkey_comes_to_rest());
        static_cast<void>(machine.take_messages());
    }
}

}  // namespace

TEST_CASE("the fifth wrong entry makes a code void, and another way goes on") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    const DeliveredMessage message = ask_for_code(host.machine, login);
    type_wrong_codes(login, message, 5);
    login.expect(used_up);
    const std::string menu = login.expect("(Enter to go back): ");
    CHECK(menu.find("E-mail") == std::string::npos);
    CHECK(menu.find("authenticator app") != std::string::npos);
    login.send_line("1");
    type_code(login, authenticator_shows(host.app_key));
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("four wrong entries leave the code as good as it was") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    const DeliveredMessage message = ask_for_code(host.machine, login);
    type_wrong_codes(login, message, 4);
    login.expect(not_right);
    type_code(login, message.code());
    login.expect("New password: ");
}

TEST_CASE("over ssh the fifth wrong entry makes a code void, and a new one works") {
    Enrolled host;
    SshServer server;
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    type_address(client, "ada@example.org");
    const DeliveredMessage message = host.machine.next_message();
    type_wrong_codes(client, message, 5);
    client.expect(used_up);
    // A new code has to be asked for, and works.
    type_address(client, "ada@example.org");
    const DeliveredMessage next = host.machine.next_message();
    type_code(client, message.code());
    client.expect(not_right);
    type_code(client, next.code());
    client.expect("One more proof is needed.");
}

TEST_CASE("wrong codes add up over connections until even the right one is refused") {
    Enrolled host;
    host.machine.configure("[limits]\nwrong_per_hour = 10\nwrong_per_day = 10\n");
    guess_in_vain(host.machine, 4);
    guess_in_vain(host.machine, 5, used_up);
    // One guess is left, and it may be right; it is used up here.
    guess_in_vain(host.machine, 1);

    Terminal login = host.machine.console("ada");
    const DeliveredMessage message = ask_for_code(host.machine, login);
    type_code(login, message.code());
    login.expect(not_right);
    login.hang_up();
    REQUIRE(latchkey_comes_to_rest());
    CHECK(host.machine.log().find("granted") == std::string::npos);
    CHECK(host.machine.password_is("ada", old_password));
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

TEST_CASE("with one guess left before the limit the right code is taken") {
    Enrolled host;
    host.machine.configure("[limits]\nwrong_per_hour = 10\nwrong_per_day = 10\n");
    guess_in_vain(host.machine, 4);
    guess_in_vain(host.machine, 5, used_up);
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect("New password: ");
}

TEST_CASE("wrong e-mailed codes and wrong app codes count together") {
    Enrolled host;
    host.machine.configure("[limits]\nwrong_per_hour = 3\n");
    guess_in_vain(host.machine, 3);
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "authenticator app");
    type_code(login, authenticator_shows(host.app_key));
    login.expect(not_right);
}

TEST_CASE("wrong codes at one account do not touch another") {
    Enrolled host;
    host.machine.configure("[limits]\nwrong_per_hour = 3\n");
    host.machine.add_account("ben", old_password);
    host.machine.enroll_email("ben", "ben@example.org");
    guess_in_vain(host.machine, 3);
    Terminal login = host.machine.console("ben");
    prove_at_console(host.machine, login);
    login.expect("New password: ");
}

TEST_CASE("a saved recovery code opens also when every other guess is used up") {
    Enrolled host;
    host.machine.configure("[limits]\nwrong_per_hour = 3\nwrong_per_day = 3\n");
    guess_in_vain(host.machine, 3);
    {
        Terminal stranger = host.machine.console("ada");
        ask_for_recovery(stranger);
        choose(stranger, "recovery codes");
        for (int i = 0; i < 8; ++i) {
            type_code(stranger, "ABCD-EFGH-JKLM-NPQR");
            stranger.expect(not_right);
        }
        stranger.hang_up();
    }
    // One source has one guess in a second: so long the right one is refused, too.
    const auto opens = [&] {
        Terminal login = host.machine.console("ada");
        ask_for_recovery(login);
        choose(login, "recovery codes");
        type_code(login, host.saved_codes.front());
        return login.expect_any({"New password: ", not_right}) == 0;
    };
    CHECK(comes_true(opens));
}

TEST_CASE("over ssh strangers who type wrong addresses and codes use up nothing of the owner's") {
    Enrolled host;
    SshServer server;
    host.machine.configure("[limits]\nwrong_per_hour = 3\nsends_per_hour = 1\n");
    {
        Terminal stranger = server.connect("ada");
        ask_for_recovery(stranger);
        type_address(stranger, "ada@elsewhere.example");
        for (int i = 0; i < 4; ++i) type_code(stranger, "00000000");
        stranger.expect("Enter goes back): ");
        stranger.hang_up();
    }
    REQUIRE(latchkey_comes_to_rest());
    Terminal client = server.connect("ada");
    prove_over_ssh(host, client);
    client.expect("New password: ");
}

TEST_CASE(
    "beyond the messages of an hour nothing is sent, without a word, and the last one works") {
    Enrolled host;
    host.machine.configure("[limits]\nsends_per_hour = 2\n");
    Terminal login = host.machine.console("ada");
    const DeliveredMessage first = ask_for_code(host.machine, login);
    login.expect("Code: ");
    login.send_line("r");
    const DeliveredMessage second = host.machine.next_message();
    const std::string sent = login.expect("Code: ");
    login.send_line("r");
    CHECK(login.expect("Code: ") == sent);
    host.machine.expect_log("code withheld");
    login.send_line(first.code());
    login.expect(not_right);
    type_code(login, second.code());
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    REQUIRE(latchkey_comes_to_rest());
    const std::vector<DeliveredMessage> rest = host.machine.take_messages();
    REQUIRE(rest.size() == 1);  // the notice
    CHECK(rest.front().text.find("Your recovery code") == std::string::npos);
}

TEST_CASE(
    "a second new password within a day is refused after the proof, and the first one stays") {
    Enrolled host;
    {
        Terminal login = host.machine.console("ada");
        prove_at_console(host.machine, login);
        choose_password(login, new_password);
        REQUIRE(host.machine.signed_in(login, "ada"));
    }
    REQUIRE(latchkey_comes_to_rest());
    static_cast<void>(host.machine.take_messages());
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect(not_now);
    login.expect("Press Enter to continue: ");
    login.send_line("");
    login.expect("Login incorrect");
    CHECK(login.transcript().find("New password") == std::string::npos);
    CHECK(host.machine.password_is("ada", new_password));
    CHECK(signs_in_at_console(host.machine, "ada", new_password));
}

TEST_CASE("a new password that is begun and given up four times is still allowed") {
    Enrolled host;
    give_up_new_password(host.machine, 4);
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("a new password that is begun and given up five times is refused for the day") {
    Enrolled host;
    give_up_new_password(host.machine, 5);
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect(not_now);
    CHECK(host.machine.password_is("ada", old_password));
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

TEST_CASE("recoveries beyond a source's hour go on without sending, and others are served") {
    Enrolled host;
    SshServer server;
    host.machine.configure("[limits]\nstarts_per_source_hour = 1\n");
    for (const std::size_t messages : {1U, 0U}) {
        Terminal client = server.connect("ada");
        ask_for_recovery(client);
        type_address(client, "ada@example.org");
        client.expect("Enter goes back): ");
        client.hang_up();
        REQUIRE(latchkey_comes_to_rest());
        CHECK(host.machine.take_messages().size() == messages);
    }
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect("New password: ");
}

}  // namespace latchkey
