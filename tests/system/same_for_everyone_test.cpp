// SPDX-License-Identifier: MIT
//
// Over ssh, before the first proof, nobody can tell from the screens whether a
// name exists, may sign in, may recover, or has anything to recover with.
#include <algorithm>
#include <chrono>

#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

using Script = std::vector<std::string>;  // answers, one for each prompt

// Everything this machine may ask before the first proof.
const std::vector<std::string> prompts{"Password: ", "type your resume code (Enter to go back): ",
                                       "one of your recovery codes: ", "Enter goes back): "};
constexpr const char* not_right = "00000000";
constexpr const char* settings =
    "KbdInteractiveAuthentication yes\nDenyUsers dora\nPermitRootLogin prohibit-password\n"
    "MaxStartups 100\n";

// Unknown, refused by sshd, root, without any way, locked, locked, expired, a daemon's.
const std::vector<const char*> others{"zoe", "dora", "root", "uma", "lou", "lea", "eve", "sam"};

// What the name itself puts on the screen: ssh's "(ada@127.0.0.1) ", and the
// echo of an address that the script makes of the name.
std::string without_name(std::string text, const std::string& name) {
    const std::string mark = name + '@';
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at))
        text.replace(at, mark.size(), "NAME@");
    return text;
}

// ada can recover. Every other name is one of the people who cannot.
class Town {
public:
    Town() {
        Machine& machine = host_.machine;
        for (const char* name : {"dora", "lou", "lea", "eve"}) enrol(name);
        machine.add_account("uma", old_password);
        must_run({"useradd", "--system", "--shell", "/bin/bash", "sam"});
        machine.set_password("sam", old_password);
        machine.set_password("root", old_password);
        must_run({"passwd", "-l", "lou"});
        must_run({"usermod", "-L", "lea"});
        must_run({"chage", "-E", "0", "eve"});
        shadow_ = file_text("/etc/shadow");
    }

    // The connection of `name` when the last answer is typed.
    [[nodiscard]] Terminal walk(const std::string& name, const Script& script) const {
        Terminal client = server_.connect(name);
        for (const std::string& answer : script) {
            client.expect_any(prompts);
            const std::size_t at = answer.find("NAME");
            client.send_line(at == 0 ? name + answer.substr(4) : answer);
        }
        return client;
    }
    // The whole screen after the answer to that.
    static std::string screen_of(const std::string& name, Terminal client) {
        client.expect_any(prompts);
        return without_name(client.transcript(), name);
    }

    // Everybody's screens are ada's, for both reasons; nobody but ada gets a message.
    void check_same(const Script& script) {
        for (const std::string reason : {forgot, know_my_password}) {
            Script with_reason = script;
            std::replace(with_reason.begin(), with_reason.end(), std::string{"REASON"}, reason);
            const std::string healthy = screen_of("ada", walk("ada", with_reason));
            CAPTURE(reason, healthy);
            for (const char* name : others) {
                CAPTURE(name);
                CHECK(screen_of(name, walk(name, with_reason)) == healthy);
            }
        }
        check_nothing_happened();
    }

    void check_nothing_happened() {
        REQUIRE(latchkey_comes_to_rest());
        for (const DeliveredMessage& message : host_.machine.waiting_messages())
            CHECK(message.text.substr(0, message.text.find('\n')) == "To: ada@example.org");
        CHECK(file_text("/etc/shadow") == shadow_);
    }

    Machine& machine() { return host_.machine; }

private:
    void enrol(const std::string& name) {
        host_.machine.add_account(name, old_password);
        host_.machine.enroll_email(name, name + "@example.org");
        static_cast<void>(host_.machine.enroll_app(name));
        static_cast<void>(host_.machine.new_saved_codes(name));
    }

    Enrolled host_;
    SshServer server_{settings};
    std::string shadow_;
};

}  // namespace

TEST_CASE("a wrong address, and wrong codes for it, look the same for everyone") {
    Town town;
    town.check_same({"", "REASON", "somebody@else.example", not_right, "1234 5678"});
    CHECK(town.machine().waiting_messages().empty());
}

TEST_CASE("the right address, send again and wrong codes to the last look the same for everyone") {
    Town town;
    town.check_same({"", "REASON", "NAME@example.org", "r", not_right, not_right, not_right,
                     not_right, not_right});
    // ada's: the code and the one sent again, for each reason.
    CHECK(town.machine().waiting_messages().size() == 4);
}

TEST_CASE("a recovery code that is none looks the same for everyone") {
    Town town;
    town.check_same({"", "REASON", "ABCD-EFGH-JKLM-NPQR", not_right});
    CHECK(town.machine().waiting_messages().empty());
}

TEST_CASE("a resume code that is none looks the same for everyone") {
    Town town;
    town.check_same({"", "BCDF-GHJK", "too long for any", "", "", "REASON"});
    CHECK(town.machine().waiting_messages().empty());
}

TEST_CASE("Enter at every question looks the same for everyone") {
    Town town;
    town.check_same({"", "", "", "REASON", ""});
    town.check_same({"", "REASON", "somebody@else.example", "", ""});
}

TEST_CASE("a wrong password after going back is refused the same for everyone") {
    Town town;
    const Script script{"", "", "not my password"};
    // All at once, because everybody waits two seconds for the refusal.
    Terminal ada = town.walk("ada", script);
    std::vector<Terminal> waiting;
    for (const char* name : others) waiting.push_back(town.walk(name, script));
    const std::string healthy = Town::screen_of("ada", std::move(ada));
    for (std::size_t i = 0; i < others.size(); ++i) {
        CAPTURE(others[i]);
        CHECK(Town::screen_of(others[i], std::move(waiting[i])) == healthy);
    }
    town.check_nothing_happened();
}

TEST_CASE("who has used up the messages and guesses of an account sees what others see") {
    Enrolled host;
    SshServer server{settings};
    host.machine.configure("[limits]\nsends_per_hour = 1\nwrong_per_hour = 3\n");
    host.machine.add_account("ben", old_password);
    host.machine.enroll_email("ben", "ben@example.org");
    const auto screen_of = [&](const std::string& name, const std::string& reason) {
        Terminal client = server.connect(name);
        ask_for_recovery(client, reason);
        type_address(client, name + "@example.org");
        for (int i = 0; i < 3; ++i) type_code(client, not_right);
        client.expect("Enter goes back): ");
        return without_name(client.transcript(), name);
    };
    const std::string healthy = screen_of("ada", forgot);
    REQUIRE(latchkey_comes_to_rest());
    CHECK(host.machine.take_messages().size() == 1);
    CHECK(screen_of("ada", forgot) == healthy);  // throttled now
    REQUIRE(latchkey_comes_to_rest());
    CHECK(host.machine.take_messages().empty());

    const std::string of_reason = screen_of("ben", know_my_password);
    CHECK(screen_of("ada", know_my_password) == of_reason);
    REQUIRE(latchkey_comes_to_rest());
    REQUIRE(host.machine.waiting_messages().size() == 1);
    CHECK(host.machine.next_message().text.find("To: ben@example.org") == 0);
}

TEST_CASE("replies leave on a grid, the same for who exists and who does not") {
    using std::chrono::milliseconds;
    using std::chrono::steady_clock;
    Enrolled host;
    SshServer server;
    constexpr milliseconds grid{1000};
    host.machine.configure("reply_grid = " + std::to_string(grid.count()) + '\n');
    for (const char* name : {"ada", "zoe"}) {
        CAPTURE(name);
        Terminal client = server.connect(name);
        ask_for_recovery(client);
        client.expect("one of your recovery codes: ");
        for (const char* answer : {"ada@example.org", not_right}) {
            const auto sent = steady_clock::now();
            client.send_line(answer);
            client.expect("Enter goes back): ");
            // The way through ssh comes on top; the clock starts when the answer is in.
            CHECK(steady_clock::now() - sent >= grid * 9 / 10);
        }
    }
}

}  // namespace latchkey
