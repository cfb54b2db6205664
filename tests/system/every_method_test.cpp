// SPDX-License-Identifier: MIT
//
// A real login up to a shell with the new password, one through each plugin that no other
// system test signs in with (those: email and file, totp, hotp and saved codes in
// forgot_at_console_test, forgot_over_ssh_test and mail_test; sms-kannel in gateways_test;
// push-xmpp in approval_test). Gateways are web servers on loopback that answer as the vendors
// do; smstools, dma, baresip and espeak-ng are the real ones.
#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/debian_peer.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/http_peer.hpp"
#include "tests/support/ntfy_peer.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/sip_peers.hpp"
#include "tests/system/claimant.hpp"

namespace latchkey {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSecretFile = "/etc/latchkey/secrets/carrier";
constexpr const char* kSecret = "wish-wash";
constexpr const char* kAccount = "AC00000000000000000000000000000001";
constexpr const char* kNumber = "+4930123456";  // as SipTelephone has it
constexpr const char* kTyped = "030 12-34-56";
constexpr const char* kText = "Text my mobile phone that ends in 56";
constexpr const char* kCall = "Call my mobile phone that ends in 56";

std::string setting(const std::string& key, const std::string& value) {
    return key + " = \"" + value + "\"\n";
}
const std::string kWithSecret = setting("secret_file", kSecretFile);

// ada with one more method, whose only channel is the plugin.
struct Carried : Enrolled {
    std::string plugin;
    std::string peer = "a double";

    Carried(const std::string& the_plugin, const std::string& options, const std::string& method,
            const std::string& address, const std::string& of_method = {})
        : plugin{the_plugin} {
        write_file(kSecretFile, std::string{kSecret} + "\n", 0600);
        use(options, method, of_method);
        must_run({"latchkey", "enroll", "ada", method, address});
    }
    // The e-mail that she has, by another way.
    Carried(const std::string& the_plugin, const std::string& options) : plugin{the_plugin} {
        use(options, "email", "");
    }
    // A login up to the question for the code.
    [[nodiscard]] Terminal asks_for_a_code(const std::string& line,
                                           const std::string& typed_in_full) {
        Terminal login = machine.console("ada");
        ask_for_recovery(login);
        choose(login, line);
        if (!typed_in_full.empty()) {
            login.expect("To protect your account, type the complete ");
            login.expect(": ");
            login.send_line(typed_in_full);
        }
        login.expect("with a code is on its way.");
        return login;
    }
    void gets_in(Terminal& login, const std::string& code) {
        type_code(login, code);
        chooses_a_password(login);
        machine.expect_log("handed over a message outcome=");
        for (const std::string& told : {code, without_blank(code), std::string{kNumber + 1}})
            CHECK(machine.log().find(told) == std::string::npos);
    }
    void chooses_a_password(Terminal& login) {
        choose_password(login, new_password);
        REQUIRE(machine.signed_in(login, "ada"));
        REQUIRE(machine.password_is("ada", new_password));
        CHECK(machine.log().find(kSecret) == std::string::npos);
        must_run({"latchkey", "audit", "verify"});
        evidence("each method at a real login", plugin + ", by " + peer, "new password, shell");
    }

    // What is in the files of `directory` as soon as `text` is among it.
    [[nodiscard]] std::string waits_for(const std::string& directory, const std::string& text) {
        std::string found;
        const auto is_there = [&] {
            std::error_code gone;
            found.clear();
            for (const auto& file : fs::directory_iterator{directory, gone})
                found += file_text(file.path());
            return found.find(text) != std::string::npos;
        };
        if (comes_true(is_there, std::chrono::seconds{60})) return found;
        throw std::runtime_error("in " + directory + ": " + found + "\n" + machine.log());
    }

private:
    void use(const std::string& options, const std::string& method, const std::string& of_method) {
        machine.configure(setting("phone_country", "+49") + "[channel.carrier]\n" +
                              setting("plugin", plugin) + options + "[method." + method + "]\n" +
                              of_method + "channels = [\"carrier\"]\n",
                          "60-carrier");
    }
    static std::string without_blank(std::string code) {
        std::erase(code, ' ');
        return code;
    }
};

// The one message that a gateway was given; a probe asks with GET.
ReceivedRequest posted_to(const HttpPeer& peer) {
    std::vector<ReceivedRequest> posted;
    const bool came = comes_true([&] {
        posted = peer.received();
        std::erase_if(posted, [](const auto& request) { return request.method != "POST"; });
        return !posted.empty();
    });
    if (!came || posted.size() != 1) throw std::runtime_error("no message, or several");
    return posted.front();
}

// The digits that stand alone between the words of a call, as often as they are said.
std::string said_digits(const std::string& twiml) {
    const std::string before = "<Say language=\"en-US\">";
    std::string digits;
    for (std::size_t at = twiml.find(before); at != std::string::npos;
         at = twiml.find(before, at + 1)) {
        const std::string words = twiml.substr(at + before.size(), 2);
        if (words[1] == '<') digits += words[0];
    }
    return digits;
}

}  // namespace

TEST_CASE("a code that a double of a web gateway texts changes the password") {
    const HttpPeer gateway;
    gateway.answer({.status = 202, .body = R"({"status":"accepted"})"});
    Carried host{"sms-http",
                 kWithSecret + setting("url", gateway.url() + "/v1") +
                     setting("content_type", "application/json") +
                     "body = '{\"to\":\"{to}\",\"text\":\"{text}\"}'\n"
                     "header_1 = \"Authorization: Bearer {secret}\"\n"
                     "success_pattern = '\"status\":\"accepted\"'\n",
                 "sms", kNumber};
    Terminal login = host.asks_for_a_code(kText, kTyped);
    const auto request = posted_to(gateway);
    CHECK(request.header("Authorization") == std::string{"Bearer "} + kSecret);
    CHECK(request.json().at("to") == kNumber);
    host.gets_in(login, texted_code(request.json().at("text")));
}

TEST_CASE("a code that a double of Twilio texts changes the password") {
    const HttpPeer twilio;
    twilio.answer({.status = 201, .body = R"({"sid":"SM1","status":"queued"})"});
    Carried host{"sms-twilio",
                 kWithSecret + setting("url", twilio.url()) + setting("account", kAccount) +
                     setting("from", "+12025550123"),
                 "sms", kNumber};
    Terminal login = host.asks_for_a_code(kText, kTyped);
    const auto request = posted_to(twilio);
    CHECK(request.target == std::string{"/2010-04-01/Accounts/"} + kAccount + "/Messages.json");
    CHECK(request.form().at("To") == kNumber);
    host.gets_in(login, texted_code(request.form().at("Body")));
}

TEST_CASE("a code that a double of Vonage texts changes the password") {
    const HttpPeer vonage;
    vonage.answer({.status = 200,
                   .body = R"({"message-count":"1","messages":[{"status":"0"}]})",
                   .headers = {{"Content-Type", "application/json"}}});
    Carried host{"sms-vonage",
                 kWithSecret + setting("url", vonage.url()) + setting("api_key", "abcd1234") +
                     setting("from", "latchkey"),
                 "sms", kNumber};
    Terminal login = host.asks_for_a_code(kText, kTyped);
    const auto message = posted_to(vonage).json();
    CHECK(message.at("to") == kNumber + 1);
    host.gets_in(login, texted_code(message.at("text")));
}

TEST_CASE("a code that a double of Twilio says in a call changes the password") {
    const HttpPeer twilio;
    twilio.answer({.status = 201, .body = R"({"sid":"CA1","status":"queued"})"});
    Carried host{"voice-twilio",
                 kWithSecret + setting("url", twilio.url()) + setting("account", kAccount) +
                     setting("from", "+12025550123"),
                 "voice", kNumber};
    Terminal login = host.asks_for_a_code(kCall, kTyped);
    const auto request = posted_to(twilio);
    CHECK(request.target == std::string{"/2010-04-01/Accounts/"} + kAccount + "/Calls.json");
    CHECK(request.form().at("To") == kNumber);
    const std::string digits = said_digits(request.form().at("Twiml"));
    REQUIRE(digits.size() == 16);
    CHECK(digits.substr(0, 8) == digits.substr(8));
    host.gets_in(login, digits.substr(0, 8));
}

TEST_CASE("a code that smstools sends by a modem that it plays changes the password") {
    install_debian_peer("smstools");
    // What Debian's init script makes.
    fs::create_directory("/run/smstools");
    must_run({"chown", "smsd:smsd", "/run/smstools"});
    write_file("/etc/smsd.conf",
               "devices = GSM1\ndelaytime = 1\nlogfile = /var/log/smstools/smsd.log\n"
               "infofile = /run/smstools/smsd.working\npidfile = /run/smstools/smsd.pid\n"
               "outgoing = /var/spool/sms/outgoing\nchecked = /var/spool/sms/checked\n"
               "failed = /var/spool/sms/failed\nincoming = /var/spool/sms/incoming\n"
               "sent = /var/spool/sms/sent\n"
               "[GSM1]\ndevice = /dev/null\nmodem_disabled = yes\nincoming = no\n");
    const RunningProgram smsd{{"/usr/sbin/smsd", "-t", "-usmsd", "-gsmsd"}, 0, 0, UniqueFd{}};
    Carried host{"sms-spool",
                 setting("profile", "spool") + setting("format", "smstools3") +
                     setting("directory", "/var/spool/sms") + setting("group", "smsd"),
                 "sms", kNumber};
    host.peer = "smstools";
    Terminal login = host.asks_for_a_code(kText, kTyped);
    const std::string sent = host.waits_for("/var/spool/sms/sent", "is the recovery code of ada");
    CHECK(sent.starts_with(std::string{"To: "} + (kNumber + 1) + "\n"));
    CHECK(sent.find("\nSent: ") != std::string::npos);
    host.gets_in(login, texted_code(sent));
}

TEST_CASE("a code that the host's own mailer delivers changes the password") {
    // Who has mail at example.org has it in this host's /var/mail.
    install_debian_peer("dma", {"dma dma/mailname string example.org"});
    Carried host{"sendmail",
                 setting("profile", "program") + setting("from", "latchkey@example.org")};
    host.peer = "dma";
    Terminal login = host.asks_for_a_code("E-mail", "");
    const std::string mail = host.waits_for("/var/mail", "Type it at the login prompt");
    CHECK(mail.find("\nTo: ada@example.org\n") != std::string::npos);
    host.gets_in(login, DeliveredMessage{"/var/mail", mail}.code());
}

TEST_CASE("a code that a script of the host carries changes the password") {
    const std::string box = "/var/spool/carried";
    fs::create_directory(box);
    fs::create_directories("/usr/local/lib/latchkey");
    write_file("/usr/local/lib/latchkey/message",
               "#!/bin/sh\ncat >" + box + "/partial && mv " + box + "/partial " + box + "/whole\n",
               0755);
    Carried host{
        "exec",
        setting("profile", "program") + setting("program", "/usr/local/lib/latchkey/message"),
        "script", "ada@matrix.example", setting("label", "Send a code my own way")};
    host.peer = "a script";
    must_run({"chown", "_latchkey-channel:", box});
    Terminal login = host.asks_for_a_code("Send a code my own way", "ada@matrix.example");
    REQUIRE(comes_true([&] { return fs::exists(box + "/whole"); }));
    const auto message = nlohmann::json::parse(file_text(box + "/whole"));
    CHECK(message.at("to") == "ada@matrix.example");
    host.gets_in(login, message.at("code"));
}

TEST_CASE("the number on the screen pressed in a double of ntfy's app leads to a new password") {
    const NtfyDouble ntfy;
    const std::string topic = "ada-h4Rd2gUeSs-x9";
    Carried host{
        "push-ntfy",
        kWithSecret + setting("url", ntfy.url()) + setting("reply_topic", "reply-h4Rd2gUeSs-x9") +
            setting("reply_token", NtfyDouble::reply_token),
        "phone", topic, setting("label", "Approve on my telephone") + setting("kind", "approval")};
    write_file(kSecretFile, std::string{NtfyDouble::host_token} + "\n", 0600);
    host.machine.configure("[gates]\nconsole = 2\n", "70-two-gates");  // it is never the only one
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect("One more proof is needed.");
    choose(login, "Approve on my telephone");
    login.expect("Tap or type ");
    const std::string number = login.expect(" there, then press Enter (").substr(0, 2);
    ntfy.press(topic, number);
    login.send_line("");
    host.chooses_a_password(login);
    for (const std::string& told : {topic, std::string{"tk_"}})
        CHECK(host.machine.log().find(told) == std::string::npos);
}

TEST_CASE("a code that is only said in a call over a telephone line changes the password") {
    SipTelephone telephone{";answermode=auto"};
    Carried host{"voice-sip",
                 kWithSecret + setting("profile", "program") + "deadline = 60\n" +
                     setting("server", "127.0.0.1") + "port = " + std::to_string(telephone.port()) +
                     "\n" + setting("transport", "udp") + setting("account", "alice"),
                 "voice", kNumber};
    host.peer = "baresip and espeak-ng";
    Terminal login = host.asks_for_a_code(kCall, kTyped);
    (void)telephone.wait_for("terminated (duration", std::chrono::seconds{60});
    const std::string heard = must_run({LATCHKEY_TEST_HEAR_CODE, telephone.recordings().back(),
                                        "en-gb", "Your recovery code is:", "8"});
    host.gets_in(login, heard.substr(0, 8));
}

}  // namespace latchkey
