// SPDX-License-Identifier: MIT
//
// An ordinary user enrols the chat that is to be asked: a real Prosody of the sandbox, and a
// person with a real client library who reads the request and answers it.
#include <sys/wait.h>

#include <algorithm>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/prosody_peer.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/comes_true.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"
#include "tests/system/user_socket.hpp"

namespace latchkey {
namespace {

constexpr const char* kAdaInChat = "ada@chat.example";
constexpr const char* kSecretFile = "/etc/latchkey/secrets/chat";
constexpr const char* kSavedLine = "Enter one of my recovery codes or a temporary pass";

// ada, who has other ways, on a host that asks in chats.
struct Chatting : Enrolled {
    Certificates certificates = make_certificates("/etc/ssl", "chat", kChatHost);
    ProsodyPeer prosody{certificates};
    RunningProgram listener;

    explicit Chatting(const std::vector<std::string>& groups = {}) : Enrolled(groups) {
        write_file(kSecretFile, std::string{kChatSecret} + "\n", 0600);
        machine.configure(
            "[channel.chat]\nplugin = \"push-xmpp\"\njid = \"latchkey@chat.example\"\n"
            "server = \"127.0.0.1\"\nport = " +
                prosody.port() + "\ntls = \"starttls\"\nca_file = \"" + certificates.ca +
                "\"\nsecret_file = \"" + kSecretFile +
                "\"\n[method.chat]\nlabel = \"Answer in a chat\"\n"
                "kind = \"approval\"\nchannels = [\"chat\"]\n",
            "50-chat");
        listener = listen_for_users();
    }
    [[nodiscard]] std::string shown(const std::vector<std::string>& words) const {
        const Completed done = run_command(as_user("ada", words));
        INFO(done.err);
        REQUIRE(done.status == 0);
        return done.out;
    }
    [[nodiscard]] bool has_chat() const {
        const auto row = nlohmann::json::parse(shown({"methods", "--json"}));
        const auto& methods = row.at("methods");
        return std::any_of(methods.begin(), methods.end(),
                           [](const auto& each) { return each.at("method") == "chat"; });
    }
};

// The command, behind the password and a saved code, and the number that it shows.
struct Enrolling {
    Terminal terminal{as_user("ada", {"enroll", "chat", kAdaInChat})};
    std::string number;

    explicit Enrolling(const Chatting& host) {
        terminal.expect("Password: ");
        terminal.send_line(old_password);
        choose(terminal, kSavedLine);
        terminal.expect("Pass or recovery code: ");
        terminal.send_line(host.saved_codes.at(0));
        terminal.expect("a request is on its way to a...e.");
        terminal.expect("Tap or type ");
        number = terminal.expect(" there, then press Enter (").substr(0, 2);
    }
    void press_enter() { terminal.send_line(""); }
    // ada answers in her chat as the screen says.
    void approve(const Chatting& host) {
        host.prosody.answer("ada", host.prosody.message_of("ada"), number);
        press_enter();
        terminal.expect("can be asked from ");
        CHECK(terminal.expect_end() == 0);
    }
    // Whether it ended with this sentence, and nothing done.
    void is_refused(const std::string& why) {
        terminal.expect(why);
        CHECK(WEXITSTATUS(terminal.expect_end()) == 1);
    }
};

}  // namespace

TEST_CASE("a chat that its owner enrols counts when it has approved and waited") {
    Chatting host;
    {
        Enrolling enrolling{host};
        enrolling.press_enter();
        enrolling.terminal.expect("There is no answer yet.");
        const auto request = host.prosody.message_of("ada");
        const std::string text = request.at("body");
        CHECK(text.find("wants this device to be asked") != std::string::npos);
        CHECK(text.find("Host:") != std::string::npos);
        host.prosody.answer("ada", request, enrolling.number);
        enrolling.press_enter();
        enrolling.terminal.expect("can be asked from ");
        enrolling.terminal.expect("as one more proof behind another one.");
        CHECK(enrolling.terminal.expect_end() == 0);
    }
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{}, {"status"}, {"methods"}})
        CHECK(host.shown(words).find("chat") != std::string::npos);
    CHECK(host.shown({"activity"}).find("chat") != std::string::npos);
    const std::string notice = host.machine.next_message().text;
    CHECK(notice.find("latchkey deny ") != std::string::npos);
    // Within its waiting time a recovery that needs one more proof does not offer it.
    host.machine.configure("[gates]\nconsole = 2\n", "70-two-gates");
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect("One more proof is needed.");
    CHECK(login.expect("(Enter to go back): ").find("Answer in a chat") == std::string::npos);
    CHECK(host.machine.log().find(kAdaInChat) == std::string::npos);
    CHECK(host.machine.log().find(kChatSecret) == std::string::npos);
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("whoever was told of a new chat ends it") {
    Chatting host;
    Enrolling{host}.approve(host);
    REQUIRE(host.has_chat());
    const std::string notice = host.machine.next_message().text;
    const std::string label = "latchkey deny ";
    const auto at = notice.find(label);
    REQUIRE(at != notice.npos);
    Terminal terminal{as_user("ada", {"deny", notice.substr(at + label.size(), 11)})};
    terminal.expect("The change of that message is undone");
    CHECK(terminal.expect_end() == 0);
    CHECK_FALSE(host.has_chat());
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("the owner of a new chat sees it in full, and takes it away at once") {
    Chatting host;
    Enrolling{host}.approve(host);
    {
        Terminal exported{as_user("ada", {"export"})};
        exported.expect("Password: ");
        exported.send_line(old_password);
        exported.expect(kAdaInChat);
        CHECK(exported.expect_end() == 0);
    }
    Terminal terminal{as_user("ada", {"remove", "chat"})};
    terminal.expect("Password: ");
    terminal.send_line(old_password);
    // Not a second saved code within a second or two of the first, which counts as a wrong one.
    choose(terminal, "authenticator app");
    type_code(terminal, authenticator_shows(host.app_key));
    terminal.expect("It is gone: chat, a...e.");
    CHECK(terminal.expect_end() == 0);
    CHECK_FALSE(host.has_chat());
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("a no in the chat ends its enrolment, and nothing is changed") {
    Chatting host;
    Enrolling enrolling{host};
    host.prosody.answer("ada", host.prosody.message_of("ada"), "no");
    enrolling.press_enter();
    enrolling.is_refused("nothing was changed: it was denied on the device");
    CHECK_FALSE(host.has_chat());
    CHECK(host.machine.waiting_messages().empty());
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("another number in the chat ends its enrolment") {
    Chatting host;
    Enrolling enrolling{host};
    host.prosody.answer("ada", host.prosody.message_of("ada"),
                        enrolling.number == "10" ? "11" : "10");
    enrolling.press_enter();
    enrolling.is_refused("nothing was changed: another number was chosen on the device");
    CHECK_FALSE(host.has_chat());
}

TEST_CASE("who can become root enrols no device, and none is asked") {
    Chatting host{{"sudo"}};
    Terminal terminal{as_user("ada", {"enroll", "chat", kAdaInChat})};
    terminal.expect("Password: ");
    terminal.send_line(old_password);
    terminal.expect("this account can become root");
    CHECK(WEXITSTATUS(terminal.expect_end()) == 1);
    CHECK_FALSE(host.has_chat());
}

}  // namespace latchkey
