// SPDX-License-Identifier: MIT
//
// latchkey-plugin-test(1) finds no fault in any plugin that ships, without a configuration and
// with one.
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <future>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace latchkey;

using Arguments = std::vector<std::string>;

constexpr const char* kToATelephone = "[test]\naddress = \"+491701234567\"\n";

std::set<std::string> our_plugins() {
    std::istringstream names{LATCHKEY_TEST_OUR_PLUGINS};
    std::set<std::string> plugins;
    for (std::string name; names >> name;) plugins.insert(name);
    return plugins;
}

// All at once: they wait most of the time.
std::map<std::string, Completed> tested(const std::map<std::string, Arguments>& arguments) {
    std::map<std::string, std::future<Completed>> running;
    for (const auto& [plugin, more] : arguments) {
        Arguments argv{LATCHKEY_TEST_TESTER, LATCHKEY_TEST_PLUGINS "/" + plugin + ".so"};
        argv.insert(argv.end(), more.begin(), more.end());
        running[plugin] = std::async(std::launch::async, [argv] { return run_command(argv); });
    }
    std::map<std::string, Completed> completed;
    for (auto& [plugin, result] : running) completed[plugin] = result.get();
    return completed;
}

// The tables [channel.NAME], and the directories that they name. As root the tester becomes
// nobody, who has to write there.
class Channels {
public:
    Channels() {
        REQUIRE(::chmod(directory_.path().c_str(), 0755) == 0);
        directory_.write("secret", "token-of-the-workbench\n", 0644);
        for (const std::string name : {"messages", "spool", "spool/outgoing"}) {
            REQUIRE(::mkdir(directory_.file(name).c_str(), 0755) == 0);
            const passwd* nobody = ::getpwnam("nobody");
            REQUIRE(nobody != nullptr);
            if (::geteuid() == 0)
                REQUIRE(::chown(directory_.file(name).c_str(), nobody->pw_uid, nobody->pw_gid) ==
                        0);
        }
    }
    // Everything but totp and hotp, which have no options.
    [[nodiscard]] std::map<std::string, std::string> tables() const {
        const std::string secret = "secret_file = \"secret\"\n";
        const std::string twilio = "account = \"AC0123456789abcdef0123456789abcdef\"\n" + secret +
                                   "from = \"+15005550006\"\n" + kToATelephone;
        return {
            {"email",
             "server = \"smtp.example.org\"\nport = 587\ntls = \"starttls\"\n"
             "user = \"ada\"\n" +
                 secret},
            {"exec", "profile = \"program\"\nprogram = \"/usr/bin/false\"\n"},
            {"file", "directory = \"" + directory_.file("messages") + "\"\n"},
            {"push-ntfy",
             "url = \"https://ntfy.example.org\"\nreply_topic = \"replies-h4Rd2gUeSs\"\n"
             "reply_token = \"tk_phone\"\n" +
                 secret + "[test]\naddress = \"ada-h4Rd2gUeSs-x9\"\n"},
            {"push-xmpp",
             "jid = \"latchkey@chat.example\"\nserver = \"chat.example\"\nport = 5222\n"
             "tls = \"starttls\"\n" +
                 secret + "[test]\naddress = \"ada@chat.example\"\n"},
            {"sendmail",
             "profile = \"program\"\nprogram = \"/usr/bin/true\"\n"
             "from = \"latchkey@example.org\"\n"},
            {"sms-http",
             "url = \"https://sms.example.org\"\nbody = \"to={to}&text={text}\"\n"
             "header_1 = \"Authorization: Bearer {secret}\"\n" +
                 secret + kToATelephone},
            {"sms-kannel",
             "url = \"http://127.0.0.1:13013/cgi-bin/sendsms\"\n"
             "user = \"latchkey\"\nfrom = \"12345\"\n" +
                 secret + kToATelephone},
            {"sms-spool", "profile = \"spool\"\nformat = \"smstools3\"\ndirectory = \"" +
                              directory_.file("spool") + "\"\n" + kToATelephone},
            {"sms-twilio", twilio},
            {"sms-vonage",
             "api_key = \"abcd1234\"\nfrom = \"latchkey\"\n" + secret + kToATelephone},
            {"voice-sip",
             "profile = \"program\"\ndeadline = 10\nserver = \"pbx.example.org\"\n"
             "account = \"latchkey\"\ntransport = \"tcp\"\n" +
                 secret + kToATelephone},
            {"voice-twilio", twilio},
        };
    }
    [[nodiscard]] std::string file_with(const std::string& plugin, const std::string& table) const {
        return directory_.write(plugin + ".toml", "[channel.ours]\n" + table, 0644);
    }

private:
    TemporaryDirectory directory_;
};

// What was not looked at and is not known to be right to leave out.
std::string skipped_without_reason(const std::string& told) {
    std::istringstream lines{told};
    for (std::string line; std::getline(lines, line);)
        if (line.find("# SKIP") != std::string::npos &&
            line.find("# SKIP its profile is \"program\"") == std::string::npos)
            return line;
    return {};
}

}  // namespace

TEST_CASE("every plugin that ships passes every check without a configuration", "[plugin kit]") {
    std::map<std::string, Arguments> arguments;
    for (const std::string& plugin : our_plugins()) arguments[plugin] = {};
    REQUIRE(arguments.size() >= 15);
    for (const auto& [plugin, completed] : tested(arguments)) {
        INFO(plugin << "\n" << completed.out << completed.err);
        CHECK(completed.status == 0);
    }
}

TEST_CASE("every plugin that has options passes every check with a configuration", "[plugin kit]") {
    const Channels channels;
    std::map<std::string, Arguments> arguments;
    std::set<std::string> not_configured = our_plugins();
    for (const auto& [plugin, table] : channels.tables()) {
        arguments[plugin] = {"--config", channels.file_with(plugin, table)};
        not_configured.erase(plugin);
    }
    CHECK(not_configured == std::set<std::string>{"hotp", "totp"});
    for (const auto& [plugin, completed] : tested(arguments)) {
        INFO(plugin << "\n" << completed.out << completed.err);
        CHECK(completed.status == 0);
        CHECK(completed.out.find("ok 13 - is content with its configuration\n") !=
              std::string::npos);
        CHECK(skipped_without_reason(completed.out).empty());
    }
}
