// SPDX-License-Identifier: MIT
//
// The keys of the channels that ask for approvals: what works is read, and each mistake is named.
#include "tests/support/catch.hpp"
#include "tests/unit/settings_files.hpp"

namespace {

using namespace latchkey;

const std::string kSecret = "secret_file = \"/etc/latchkey/secrets/push\"\n";

std::string channel(const std::string& plugin, const std::string& keys) {
    return "[channel.push]\nplugin = \"" + plugin + "\"\nprofile = \"network\"\n" + keys;
}

const std::string kPlace = "server = \"chat.example.org\"\nport = 5222\n";
const std::string kXmpp = kPlace + "jid = \"latchkey@example.org\"\n" + kSecret;
const std::string kUrl = "url = \"https://ntfy.example.org\"\n";
const std::string kTopic = "reply_topic = \"replies-6f1c0a2b9d4e\"\n";
const std::string kToken = "reply_token = \"tk_abc\"\n";

}  // namespace

TEST_CASE("the channels that ask for approvals are read as they are documented") {
    const SettingsFiles files;
    for (const std::string& text :
         {channel("push-xmpp", kXmpp + "tls = \"starttls\"\nca_file = \"/etc/ssl/own.pem\"\n"),
          channel("push-xmpp",
                  "server = \"127.0.0.1\"\nport = 5222\ntls = \"none\"\n"
                  "jid = \"latchkey@web1\"\n" +
                      kSecret),
          channel("push-ntfy", kUrl + kTopic + kToken + kSecret)}) {
        CAPTURE(text);
        CHECK(files.refusal_of(text) == "");
    }
}

TEST_CASE("a mistake in a channel that asks for approvals is named with its key and a mend") {
    const SettingsFiles files;
    struct Row {
        std::string text;
        std::string key;
    };
    const std::string tls = "tls = \"starttls\"\n";
    const auto row = GENERATE_COPY(values<Row>({
        {channel("push-xmpp", kPlace + tls + kSecret), "jid"},
        {channel("push-xmpp", kPlace + tls + kSecret + "jid = \"latchkey\"\n"), "jid"},
        {channel("push-xmpp", kPlace + tls + kSecret + "jid = \"a@example.org/x\"\n"), "jid"},
        {channel("push-xmpp", kXmpp), "tls"},
        {channel("push-xmpp", kXmpp + "tls = \"none\"\n"), "tls"},
        {channel("push-xmpp", kPlace + tls + "jid = \"a@example.org\"\n"), "secret_file"},
        {channel("push-xmpp", kXmpp + tls + "user = \"a\"\n"), "user"},
        {channel("push-ntfy", kTopic + kToken + kSecret), "url"},
        {channel("push-ntfy", "url = \"http://ntfy.example.org\"\n" + kTopic + kToken + kSecret),
         "url"},
        {channel("push-ntfy", kUrl + kToken + kSecret), "reply_topic"},
        {channel("push-ntfy", kUrl + "reply_topic = \"short\"\n" + kToken + kSecret),
         "reply_topic"},
        {channel("push-ntfy", kUrl + kTopic + kSecret), "reply_token"},
        {channel("push-ntfy", kUrl + kTopic + kToken), "secret_file"},
    }));
    CAPTURE(row.text);
    CHECK(files.refusal_of(row.text).find("channel.push." + row.key + ": ") != std::string::npos);
}

TEST_CASE("a channel that asks for approvals needs the network") {
    const SettingsFiles files;
    const std::string text = "[channel.push]\nplugin = \"push-ntfy\"\nprofile = \"none\"\n" + kUrl +
                             kTopic + kToken + kSecret;
    CHECK(files.refusal_of(text).find("channel.push.profile") != std::string::npos);
}
