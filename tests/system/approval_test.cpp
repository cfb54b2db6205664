// SPDX-License-Identifier: MIT
//
// A real login that asks for an approval in a chat: a real Prosody of the sandbox, and a person
// with a real client library who reads the request and answers it.
#include "tests/support/catch.hpp"
#include "tests/support/prosody_peer.hpp"
#include "tests/system/claimant.hpp"

namespace latchkey {
namespace {

constexpr const char* kAdaInChat = "ada@chat.example";
constexpr const char* kSecretFile = "/etc/latchkey/secrets/chat";
constexpr const char* kMethod = "Answer in a chat";

// ada, who needs two proofs at a console and can be asked in a chat.
struct Chatting : Enrolled {
    Certificates certificates = make_certificates("/etc/ssl", "chat", kChatHost);
    ProsodyPeer prosody{certificates};

    Chatting() {
        write_file(kSecretFile, std::string{kChatSecret} + "\n", 0600);
        machine.configure(
            "[gates]\nconsole = 2\n[channel.chat]\nplugin = \"push-xmpp\"\n"
            "jid = \"latchkey@chat.example\"\nserver = \"127.0.0.1\"\nport = " +
                prosody.port() + "\ntls = \"starttls\"\nca_file = \"" + certificates.ca +
                "\"\nsecret_file = \"" + kSecretFile + "\"\n[method.chat]\nlabel = \"" + kMethod +
                "\"\nkind = \"approval\"\nchannels = [\"chat\"]\n",
            "50-chat");
        must_run({"latchkey", "enroll", "ada", "chat", kAdaInChat});
    }
    // What ada answers in her chat to the request that is there.
    void answer(const std::string& text) const {
        prosody.answer("ada", prosody.message_of("ada"), text);
    }
    // That neither the chat's password nor the person's full name in it is in any log line.
    [[nodiscard]] bool log_is_silent() const {
        const std::string log = machine.log();
        return log.find(kAdaInChat) == std::string::npos &&
               log.find(kChatSecret) == std::string::npos;
    }
};

// A login that has proven the e-mail and asked in the chat, and the number it shows.
struct Asking {
    Terminal login;
    std::string number;

    explicit Asking(Chatting& host) : login{host.machine.console("ada")} {
        prove_at_console(host.machine, login);
        login.expect("One more proof is needed.");
        choose(login, kMethod);
        login.expect("Tap or type ");
        number = login.expect(" there, then press Enter (").substr(0, 2);
    }
    void press_enter() { login.send_line(""); }
    // The recovery ends, and whoever sits there is not told why.
    void is_refused() {
        login.expect("Getting back into your account does not work now.");
        press_enter();
        login.expect("Login incorrect");
    }
};

}  // namespace

TEST_CASE("the number on the screen, typed in the chat, leads to a new password") {
    Chatting host;
    Asking asking{host};
    host.answer(asking.number);
    asking.press_enter();
    choose_password(asking.login, new_password);
    CHECK(host.machine.signed_in(asking.login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
    CHECK(host.log_is_silent());
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("Enter without an answer in the chat is no approval") {
    Chatting host;
    Asking asking{host};
    asking.press_enter();
    const std::string again = asking.login.expect(" there, then press Enter (");
    CHECK(again.find("New password") == std::string::npos);
    CHECK(again.find("Tap or type " + asking.number) != std::string::npos);
    host.answer(asking.number);
    asking.press_enter();
    asking.login.expect("New password: ");
}

TEST_CASE("another number in the chat is refused, and the person is not asked again") {
    Chatting host;
    Asking asking{host};
    host.answer(asking.number == "10" ? "11" : "10");
    asking.press_enter();
    asking.login.expect("That was not right.");
    const std::string menu = asking.login.expect("(Enter to go back): ");
    CHECK(menu.find("authenticator app") != std::string::npos);
    CHECK(menu.find(kMethod) == std::string::npos);
    CHECK(host.machine.password_is("ada", old_password));
}

TEST_CASE("a denial in the chat ends the recovery, raises an alarm and locks nobody out") {
    Chatting host;
    Asking asking{host};
    host.answer("deny");
    asking.press_enter();
    asking.is_refused();
    host.machine.expect_log("the owner denied a recovery");
    CHECK(host.machine.password_is("ada", old_password));
    CHECK(host.log_is_silent());
    must_run({"latchkey", "audit", "verify"});
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

TEST_CASE("who denies has denied, though the screen's number was answered first") {
    Chatting host;
    Asking asking{host};
    const auto request = host.prosody.message_of("ada");
    host.prosody.answer("ada", request, asking.number);
    host.prosody.answer("ada", request, "no");
    asking.press_enter();
    asking.is_refused();
    host.machine.expect_log("the owner denied a recovery");
    CHECK(host.machine.password_is("ada", old_password));
}

}  // namespace latchkey
