// SPDX-License-Identifier: MIT
//
// What hostile bytes typed at any question of a real login come to: nothing of
// them reaches terminal, log, message or file, and the next person signs in.
#include <termios.h>

#include <algorithm>
#include <sstream>
#include <tuple>

#include "tests/support/catch.hpp"
#include "tests/support/hostile_values.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/mail_server.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

// Nothing longer is read by a prompt as one answer (PAM_MAX_RESP_SIZE).
constexpr std::size_t longest_answer = 500;

// As a terminal lets it through: the byte for "the next one literally" in front
// of what the line discipline would take for itself.
std::string typed(const std::string& bytes) {
    constexpr char literally = '\x16';
    std::string keys;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) keys += literally;
        keys += c;
    }
    return keys;
}

std::vector<HostileValue> values_for_a_line() {
    std::vector<HostileValue> values = hostile_values();
    values.erase(
        std::remove_if(values.begin(), values.end(),
                       [](const HostileValue& v) { return v.bytes.size() > longest_answer; }),
        values.end());
    return values;
}

// Types without echo, so that every byte on the terminal was printed by a program.
// The master's settings are the terminal's; login programs switch echo on again.
void type_unseen(Terminal& terminal, const std::string& bytes) {
    termios settings{};
    REQUIRE(::tcgetattr(terminal.descriptor(), &settings) == 0);
    settings.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
    REQUIRE(::tcsetattr(terminal.descriptor(), TCSANOW, &settings) == 0);
    terminal.send_line(typed(bytes));
}

// Position of the first byte that is neither printable ASCII nor `also`; npos for none.
std::size_t first_raw_byte(const std::string& text, std::string_view also) {
    const auto raw = std::find_if(text.begin(), text.end(), [&](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 || byte > 0x7e) && also.find(c) == std::string_view::npos;
    });
    return raw == text.end() ? std::string::npos : static_cast<std::size_t>(raw - text.begin());
}

void check_terminal(const Terminal& terminal) {
    INFO(terminal.transcript());
    CHECK(first_raw_byte(terminal.raw(), "\r\n") == std::string::npos);
}

struct Reply {
    std::string prompt;
    std::string answer;
};

// Where the values are typed, and how one gets there again and again.
struct Place {
    std::string prompt;          // answered with the next value
    std::vector<Reply> others;   // answered with this
    std::size_t per_connection;  // values, before a limit of a connection is met
};

// Types every value at the place; `connect` begins a connection.
template <typename Connect>
void type_all(const Place& place, const Connect& connect) {
    std::vector<std::string> prompts{place.prompt};
    for (const Reply& other : place.others) prompts.push_back(other.prompt);
    const std::vector<HostileValue> values = values_for_a_line();
    REQUIRE(values.size() >= 60);
    std::size_t next = 0;
    while (next < values.size()) {
        Terminal terminal = connect();
        const std::size_t end = std::min(values.size(), next + place.per_connection);
        while (next < end) {
            CAPTURE(values[next].name);
            const std::size_t which = terminal.expect_any(prompts);
            if (which > 0) {
                terminal.send_line(place.others[which - 1].answer);
            } else {
                type_unseen(terminal, values[next++].bytes);
            }
        }
        terminal.expect_any(prompts);  // the last one is answered, too
        check_terminal(terminal);
    }
    REQUIRE(latchkey_comes_to_rest());
}

// What no value may have changed, seen before and after.
class Surroundings {
public:
    void check(Machine& machine) const {
        CHECK((contents() == contents_));  // too long to be shown
        CHECK(names() == names_);
        const std::string log = machine.log();
        INFO(log);
        CHECK(first_raw_byte(log, "\n") == std::string::npos);
        for (const DeliveredMessage& message : machine.take_messages()) {
            CHECK(first_raw_byte(message.text, "\n") == std::string::npos);
            const std::string header = message.text.substr(0, message.text.find("\n\n"));
            CHECK(std::count(header.begin(), header.end(), '\n') == 2);
        }
        CHECK(signs_in_at_console(machine, "ada", old_password));
    }

private:
    static std::string contents() {
        return must_run({"sh", "-c",
                         "find /etc /usr/libexec/latchkey /usr/lib/*/latchkey /home -type f "
                         "-exec cksum {} + | sort"});
    }
    // Directories where a path made of an answer would end.
    static std::string names() {
        return must_run({"sh", "-c",
                         "find / -xdev -maxdepth 1; find /tmp /var/tmp /var/lib/latchkey* "
                         "/var/spool /run/latchkey -not -path '/var/spool/latchkey-messages/*' "
                         "-not -name 'store.db-*' -not -name 'signed-in-*' | sort"});
    }

    std::string contents_ = contents();
    std::string names_ = names();
};

constexpr const char* reason_prompt = "resume code (Enter to go back): ";
constexpr const char* address_prompt = "one of your recovery codes: ";
constexpr const char* remote_code_prompt = "Enter goes back): ";
constexpr const char* menu_of_four = "Choose 1-4 (Enter to go back): ";

Terminal login_of_ada() {
    return Terminal({"/usr/bin/login", "ada"});
}

// ssh's command line takes no such name, its configuration does.
Terminal ssh_of(const std::string& name) {
    std::string quoted;
    for (const char c : name) quoted += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
    write_file("/root/.ssh-of-case", "User \"" + quoted + "\"\n", 0600);
    return Terminal({"/usr/bin/ssh", "-tt", "-F", "/root/.ssh-of-case", "-o",
                     "PreferredAuthentications=keyboard-interactive", "-o",
                     "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
                     "LogLevel=ERROR", "127.0.0.1"});
}

Terminal ssh_of_ada() {
    return ssh_of("ada");
}

// The machine has lived through one recovery, so that every file it keeps is there.
Surroundings after_first_use(Machine& machine) {
    Terminal login = machine.console("ada");
    prove_at_console(machine, login);
    login.expect("New password: ");
    login.hang_up();
    REQUIRE(latchkey_comes_to_rest());
    static_cast<void>(machine.take_messages());
    return {};
}

struct Surrounded {
    Enrolled host;
    SshServer server;
    Surroundings before = after_first_use(host.machine);
};

}  // namespace

TEST_CASE("hostile user names at login are asked and answered like any other") {
    Surrounded town;
    int asked = 0;
    for (const HostileValue& value : values_for_a_line()) {
        CAPTURE(value.name);
        Terminal login({"/usr/bin/login"});
        login.expect("login: ");
        type_unseen(login, value.bytes);
        // login(1) itself asks again for a name of blanks, and turns some away.
        if (login.expect_any({"Password: ", "login: ", "Login incorrect"}) == 0) {
            login.send_line("");
            login.expect(reason_prompt);
            login.send_line(forgot);
            login.expect("I have none of these");
            login.expect("(Enter to go back): ");
            ++asked;
        }
        check_terminal(login);
    }
    CHECK(asked >= 60);
    REQUIRE(latchkey_comes_to_rest());
    town.before.check(town.host.machine);
}

TEST_CASE("hostile user names over ssh are asked and answered like any other") {
    Surrounded town;
    int asked = 0;
    for (const HostileValue& value : values_for_a_line()) {
        // No line of a configuration holds these.
        if (value.bytes.find_first_of(std::string_view{"\0\n", 2}) != std::string::npos) continue;
        CAPTURE(value.name);
        Terminal client = ssh_of(value.bytes);
        ask_for_recovery(client);
        client.expect(address_prompt);
        ++asked;
    }
    CHECK(asked >= 60);
    REQUIRE(latchkey_comes_to_rest());
    town.before.check(town.host.machine);
}

TEST_CASE("hostile reasons and resume codes are asked again") {
    Surrounded town;
    type_all({reason_prompt, {{"Password: ", ""}, {menu_of_four, ""}}, 2}, &login_of_ada);
    town.before.check(town.host.machine);
}

TEST_CASE("hostile choices from the menu are asked again") {
    Surrounded town;
    type_all({menu_of_four,
              {{"Password: ", ""},
               {reason_prompt, forgot},
               {"Code: ", ""},
               {"Press Enter to go back: ", ""}},
              30},
             &login_of_ada);
    town.before.check(town.host.machine);
}

TEST_CASE("hostile addresses over ssh reach no stranger") {
    Surrounded town;
    type_all({address_prompt,
              {{"Password: ", ""}, {reason_prompt, forgot}, {remote_code_prompt, ""}},
              25},
             &ssh_of_ada);
    // Some of them end for who reads lines, or strings of C, behind ada's own address.
    for (const DeliveredMessage& message : town.host.machine.waiting_messages())
        CHECK(message.text.substr(0, message.text.find('\n')) == "To: ada@example.org");
    town.before.check(town.host.machine);
}

TEST_CASE("hostile codes are wrong codes, over ssh and at the console, sent or shown or saved") {
    Surrounded town;
    const std::vector<Reply> beginning{{"Password: ", ""}, {reason_prompt, forgot}};
    std::vector<Reply> over_ssh = beginning;
    over_ssh.push_back({address_prompt, "ada@example.org"});
    type_all({remote_code_prompt, over_ssh, 15}, &ssh_of_ada);
    for (const auto& [number, prompt, guesses] :
         {std::tuple{"1", "\nCode: ", 4U}, std::tuple{"2", "\nCode: ", 4U},
          std::tuple{"3", "Pass or recovery code: ", 25U}}) {
        CAPTURE(number);
        std::vector<Reply> at_console = beginning;
        at_console.push_back({menu_of_four, number});
        at_console.push_back({"Choose 1-3 (Enter to go back): ", ""});
        type_all({prompt, at_console, guesses}, &login_of_ada);
    }
    town.before.check(town.host.machine);
}

TEST_CASE("hostile new passwords that are not repeated are refused and change nothing") {
    Enrolled host;
    std::vector<std::string> people;
    for (int i = 0; i < 13; ++i) {
        people.push_back("bea" + std::to_string(i));
        host.machine.add_account(people.back(), old_password);
        host.machine.enroll_email(people.back(), people.back() + "@example.org");
    }
    const Surroundings before = after_first_use(host.machine);
    const std::vector<HostileValue> values = values_for_a_line();
    std::size_t next = 0;
    for (const std::string& person : people) {
        Terminal login({"/usr/bin/login", person});
        prove_at_console(host.machine, login);
        // Three times a password and its repetition is what one conversation has.
        while (login.expect_any({"ew password: ", "Press Enter to continue: "}) == 0) {
            CAPTURE(values[next % values.size()].name);
            type_unseen(login, values[next++ % values.size()].bytes);
        }
        check_terminal(login);
        REQUIRE(latchkey_comes_to_rest());
        static_cast<void>(host.machine.take_messages());
    }
    CHECK(next >= values.size());
    before.check(host.machine);
}

TEST_CASE("a new password of shell words, formats and paths is set as it is and signs in") {
    Enrolled host;
    const std::string password = "$(reboot);`id`|cat& %n%s ../' OR 1=1; -- \"\\";
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", password));
    CHECK(signs_in_at_console(host.machine, "ada", password));
}

TEST_CASE("answers that never end are cut, and the next person signs in") {
    Surrounded town;
    for (const HostileValue& value : hostile_values()) {
        if (value.bytes.size() <= longest_answer) continue;
        CAPTURE(value.name);
        Terminal login = login_of_ada();
        login.expect("Password: ");
        login.send_line("");
        login.expect(reason_prompt);
        type_unseen(login, value.bytes);
        login.expect_any({reason_prompt, "Password: ", "Login incorrect", menu_of_four,
                          "Press Enter to continue: "});
        INFO(login.transcript());
        CHECK(first_raw_byte(login.raw(), "\r\n\a") == std::string::npos);  // the line is full
    }
    REQUIRE(latchkey_comes_to_rest());
    town.before.check(town.host.machine);
}

TEST_CASE("after hostile answers a mail has the same header lines as before") {
    Enrolled host;
    MailServer mail{MailServer::Plain};
    host.machine.configure(
        "[channel.email]\nserver = \"127.0.0.1\"\nport = " + std::to_string(MailServer::port) +
        "\nfrom = \"login@example.org\"\n[method.email]\nchannels = "
        "[\"email\"]\n");
    SshServer server;
    const auto header_names = [&](const std::vector<std::string>& answers) {
        Terminal client = ssh_of_ada();
        ask_for_recovery(client);
        for (const std::string& answer : answers) {
            type_address(client, typed(answer));
            type_code(client, "");
        }
        type_address(client, "ada@example.org");
        const std::string text = mail.next_mail();
        CHECK(first_raw_byte(text, "\r\n") == std::string::npos);
        std::string names;
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line) && line.size() > 1;)
            if (line[0] != ' ') names += line.substr(0, line.find(':')) + '\n';
        return names;
    };
    const std::string before = header_names({});
    CHECK(before.find("To\n") != std::string::npos);
    // ssh(1) ends an answer at its first CR or LF: what stands before it is all that is asked.
    CHECK(header_names({"Bcc: eve@example.com\r\nada@example.org", "ada@example.org>\nRCPT TO:<e",
                        "\"ada\"@example.org'\"", "%n%n%n%n"}) == before);
    REQUIRE(latchkey_comes_to_rest());
    CHECK(mail.count() == 2);
}

}  // namespace latchkey
