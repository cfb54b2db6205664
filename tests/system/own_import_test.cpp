// SPDX-License-Identifier: MIT
//
// Ordinary users bring the authenticator app that they have, out of their own file, over the
// socket of the installed packages.
#include <pwd.h>
#include <unistd.h>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/user_socket.hpp"

namespace latchkey {
namespace {

using nlohmann::json;

// 160 bits, as google-authenticator(1) and as pam_oath write them.
constexpr const char* kBase32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
constexpr const char* kHex = "3132333435363738393031323334353637383930";
constexpr const char* kAdasFile = "/home/ada/.google_authenticator";

// ada, whom root gave an address, on a host where somebody listens for users.
struct Host {
    Machine machine;
    RunningProgram listener;

    Host() {
        machine.add_account("ada", old_password);
        machine.set_up();
        machine.enroll_email("ada", "ada@example.org");
        listener = listen_for_users();
    }

    std::string message_code() {
        const std::string text = machine.next_message().text;
        const std::string label = " code: ";
        const auto at = text.find(label);
        REQUIRE(at != text.npos);
        return text.substr(at + label.size(), 9);
    }
    // The password, and the address that is there.
    void prove(Terminal& terminal) {
        terminal.expect("Password: ");
        terminal.send_line(old_password);
        terminal.expect("(Enter to go back): ");
        terminal.send_line("1");
        terminal.expect("Code: ");
        terminal.send_line(message_code());
    }
    static json status() {
        const Completed done = run_command(as_user("ada", {"methods", "--json"}));
        INFO(done.err);
        REQUIRE(done.status == 0);
        return json::parse(done.out);
    }
    // How many ways count.
    static int ways() { return status().at("ways").get<int>(); }
    static json app() {
        const json all = status();
        for (const json& way : all.at("methods"))
            if (way.at("method") == "totp") return way;
        return nullptr;
    }
};

void write_as_ada(const std::string& path, const std::string& text, mode_t mode) {
    write_file(path, text, mode);
    const passwd* ada = ::getpwnam("ada");
    REQUIRE(ada != nullptr);
    REQUIRE(::chown(path.c_str(), ada->pw_uid, ada->pw_gid) == 0);
}

}  // namespace

TEST_CASE("who has an app of google-authenticator goes on using it, and it waits like a new one") {
    Host host;
    write_as_ada(kAdasFile,
                 std::string{kBase32} + "\n\" RATE_LIMIT 3 30\n\" DISALLOW_REUSE\n\" TOTP_AUTH\n" +
                     "12345678\n",
                 0400);
    {
        Terminal terminal{as_user("ada", {"import", "google-authenticator"})};
        host.prove(terminal);
        terminal.expect("Type the code that the new app or token shows now");
        terminal.send_line("000000");
        terminal.expect("That was not right.");
        terminal.send_line(authenticator_shows(kBase32));
        terminal.expect("You can get back in by totp from ");
        terminal.expect("with latchkey codes --new");
        terminal.expect("The key still lies in /home/ada/.google_authenticator");
        CHECK(terminal.expect_end() == 0);
        CHECK(terminal.transcript().find(kBase32) == std::string::npos);
        CHECK(terminal.transcript().find("otpauth") == std::string::npos);
    }
    REQUIRE(Host::app().is_object());
    CHECK(Host::ways() == 1);  // the address alone
    const std::string notice = host.machine.next_message().text;
    CHECK(notice.find("latchkey deny ") != std::string::npos);
    CHECK(notice.find(kBase32) == std::string::npos);
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"/usr/bin/latchkey", "audit", "--json"},
          as_user("ada", {"activity", "--json"})}) {
        const Completed told = run_command(words);
        CHECK(told.out.find("totp") != std::string::npos);
        CHECK(told.out.find(kBase32) == std::string::npos);
        CHECK(told.out.find(kHex) == std::string::npos);
    }
    CHECK(host.machine.log().find(kBase32) == std::string::npos);
    // It is the key of the file that is kept: root's import finds it to be there.
    const Completed root = run_command({"/usr/bin/latchkey", "import", "google-authenticator",
                                        kAdasFile, "--user", "ada", "--json"});
    INFO(root.err);
    REQUIRE(root.status == 0);
    CHECK(json::parse(root.out).at("confirmed") == 1);
    CHECK(Host::ways() == 2);
    CHECK(run_command({"/usr/bin/latchkey", "audit", "verify"}).status == 0);
}

TEST_CASE("of a users.oath ada takes her own line, and the same app is not set up twice") {
    Host host;
    write_as_ada("/home/ada/users.oath",
                 std::string{"HOTP/E/8 ben - 00\nHOTP/T30 ada - "} + kHex + "\n", 0600);
    {
        Terminal terminal{as_user("ada", {"import", "oath", "/home/ada/users.oath"})};
        host.prove(terminal);
        terminal.expect("Type the code that the new app or token shows now");
        terminal.send_line(authenticator_shows(kBase32));
        terminal.expect("You can get back in by totp from ");
        CHECK(terminal.expect_end() == 0);
    }
    const json waiting = Host::app();
    REQUIRE(waiting.is_object());
    CHECK(Host::ways() == 1);
    CHECK(host.machine.next_message().text.find("latchkey deny ") != std::string::npos);
    Terminal again{as_user("ada", {"import", "oath", "/home/ada/users.oath"})};
    host.prove(again);
    again.expect("the app with this key is set up already");
    CHECK(again.expect_end() != 0);
    CHECK(Host::app() == waiting);
}

TEST_CASE("nobody reads another's file with latchkey, and a file of theirs is no way past root") {
    Host host;
    write_file("/root/.google_authenticator", std::string{kBase32} + "\n\" TOTP_AUTH\n", 0400);
    const Completed roots = run_command(
        as_user("ada", {"import", "google-authenticator", "/root/.google_authenticator"}));
    CHECK(roots.status == 2);
    CHECK(roots.err.find("Permission denied") != std::string::npos);
    CHECK(run_command(as_user("ada", {"import", "csv", "/home/ada/people.csv"})).status == 3);

    host.machine.add_account("eve", old_password, {"sudo"});
    write_file("/home/eve/app", std::string{kBase32} + "\n\" TOTP_AUTH\n", 0644);
    Terminal terminal{as_user("eve", {"import", "google-authenticator", "/home/eve/app"})};
    terminal.expect("Password: ");
    terminal.send_line(old_password);
    terminal.expect("the administrator enrols the first one");
    CHECK(terminal.expect_end() != 0);
}

TEST_CASE("a key of a wrong length, or of no app, is refused at the socket before the password") {
    Host host;
    const std::string script = R"(
import socket, struct
text = lambda data: struct.pack(">H", len(data)) + data
def asked(*what):
    answer = asked_once(*what)
    while b"two other commands" in answer:  # the last ones have not ended yet
        answer = asked_once(*what)
    return answer
def asked_once(wish, method, key):
    there = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    there.connect("/run/latchkey/user.sock")
    there.send(b"\x46" + struct.pack(">IBB", 1, 2, wish) + text(method) + text(b"") * 2 +
               struct.pack(">q", 0) + text(key))
    return there.recv(4096)
for wish, method, size in ((1, b"totp", 15), (1, b"totp", 65), (1, b"totp", 3000), (1, b"hotp", 20),
                           (0, b"email", 20), (3, b"", 20), (6, b"", 20)):
    answer = asked(wish, method, b"k" * size)
    print(answer[0], b"key" in answer, b"k" * 15 in answer)
print(asked(1, b"totp", b"k" * 20)[0])
)";
    const Completed done = run_command({"/usr/bin/setpriv", "--reuid=ada", "--regid=ada",
                                        "--init-groups", "/usr/bin/python3", "-c", script});
    INFO(done.err);
    std::string refusals;
    for (int i = 0; i < 7; ++i) refusals += "62 True False\n";  // AdminReply
    CHECK(done.out == refusals + "5\n");                        // AskHidden: the password
    CHECK(Host::app().is_null());
}

}  // namespace latchkey
