// SPDX-License-Identifier: MIT
//
// The human check with the settings as they are shipped: at a real login and over a
// real sshd, from the fourth recovery of a source on.
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/human_reader.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {

namespace {

constexpr int kUnchecked = 3;
constexpr const char* picture_title = "type the five characters of the picture";

// As many as are asked nothing, each left at its first question.
template <class Connect>
void begin_recoveries(const Connect& connect, const std::string& first_question) {
    for (int i = 0; i < kUnchecked; ++i) {
        Terminal terminal = connect();
        ask_for_recovery(terminal);
        const std::string screen = terminal.expect(first_question);
        CHECK(screen.find(picture_title) == std::string::npos);
        terminal.hang_up();
        REQUIRE(latchkey_comes_to_rest());
    }
}

std::string check_on(Terminal& terminal) {
    return terminal.expect("Characters (Enter goes back): ");
}

std::size_t saved_codes_left() {
    return nlohmann::json::parse(must_run({"latchkey", "status", "ada", "--json"}))
        .at("saved_codes_left")
        .get<std::size_t>();
}

}  // namespace

TEST_CASE(
    "at a console the fourth recovery of an hour asks for a picture, and goes on when it is "
    "read") {
    Enrolled host;
    host.machine.check_humans();
    begin_recoveries([&host] { return host.machine.console("ada"); }, "(Enter to go back): ");
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    std::string screen = check_on(login);
    CHECK(screen.find(picture_title) != std::string::npos);
    login.send_line("wrong");
    screen = check_on(login);
    CHECK(screen.find("That was not right.") != std::string::npos);
    login.send_line(HumanReader::picture(screen));
    choose(login, "E-mail");
    type_code(login, host.machine.next_message().code());
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE(
    "at a console three wrong answers to the human check end the login, and the next is as "
    "any") {
    Enrolled host;
    host.machine.check_humans();
    begin_recoveries([&host] { return host.machine.console("ada"); }, "(Enter to go back): ");
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    for (int wrong = 0; wrong < 3; ++wrong) {
        (void)check_on(login);
        login.send_line("wrong");
    }
    login.expect("Press Enter to continue: ");
    login.send_line("");
    login.expect("Login incorrect");
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

TEST_CASE(
    "over ssh a wrong answer to the human check goes on like a right one, and nothing is "
    "sent or taken") {
    Enrolled host;
    host.machine.check_humans();
    SshServer server;
    begin_recoveries([&server] { return server.connect("ada"); }, "one of your recovery codes: ");
    {
        Terminal client = server.connect("ada");
        ask_for_recovery(client);
        CHECK(check_on(client).find(picture_title) != std::string::npos);
        client.send_line("wrong");
        type_address(client, host.saved_codes.front());
        client.expect("If that is right, a code is on its way.");
        type_code(client, "12345678");
        client.expect("Enter goes back): ");
        client.hang_up();
        REQUIRE(latchkey_comes_to_rest());
        CHECK(host.machine.waiting_messages().empty());
        CHECK(saved_codes_left() == host.saved_codes.size());
    }
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    (void)check_on(client);
    client.send_line("w");
    client.send_line(HumanReader::words(check_on(client)));
    type_address(client, "ada@example.org");
    type_code(client, host.machine.next_message().code());
    client.expect("One more proof is needed.");
    choose(client, "authenticator app");
    type_code(client, authenticator_shows(host.app_key));
    choose_password(client, new_password);
    CHECK(host.machine.signed_in(client, "ada"));
}

TEST_CASE("over ssh a name that is nobody's is asked the human check like ada") {
    Enrolled host;
    host.machine.check_humans();
    SshServer server;
    begin_recoveries([&server] { return server.connect("nobodys"); },
                     "one of your recovery codes: ");
    for (const char* name : {"nobodys", "ada", "somebodys"}) {
        Terminal client = server.connect(name);
        ask_for_recovery(client);
        const std::string screen = check_on(client);
        CHECK(HumanReader::picture(screen).size() == 5);
        client.send_line("wrong");
        type_address(client, "ada@example.org");
        client.expect("If that is right, a code is on its way.");
        client.hang_up();
        REQUIRE(latchkey_comes_to_rest());
    }
    CHECK(host.machine.waiting_messages().empty());
}

}  // namespace latchkey
