// SPDX-License-Identifier: MIT
//
// Servers that know TLS 1.0 and 1.1 alone, on a host whose OpenSSL is content with that: what
// speaks to gateways and mail servers is not. In a sandbox, whose openssl.cnf is changed.
#include <fstream>

#include "tests/support/certificates.hpp"
#include "tests/support/command.hpp"
#include "tests/support/email_channel.hpp"
#include "tests/support/http_peer.hpp"
#include "tests/support/phone_channel.hpp"
#include "tests/support/smtp_peer.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;

// Debian's refuses these versions by itself; an administrator with an old machine may have
// made it take them, for every program of the host.
void let_openssl_take_old_versions() {
    if (std::getenv("LATCHKEY_SANDBOX") == nullptr)
        throw std::runtime_error{"openssl.cnf is changed in a sandbox only"};
    std::ofstream{"/etc/ssl/openssl.cnf"}
        << "openssl_conf = settings\n[settings]\nssl_conf = of_tls\n[of_tls]\n"
           "system_default = of_all\n[of_all]\nMinProtocol = TLSv1\n"
           "CipherString = ALL:@SECLEVEL=0\n";
}

// The control: a client of this host that asks for no version gets what the server has.
void check_taken_by_others(const std::string& place, const Certificates& certificates,
                           const std::vector<std::string>& more = {}) {
    std::vector<std::string> client{"openssl",
                                    "s_client",
                                    "-connect",
                                    place,
                                    "-CAfile",
                                    certificates.ca,
                                    "-verify_return_error"};
    client.insert(client.end(), more.begin(), more.end());
    const auto said = run_command(client);
    INFO(said.out << said.err);
    CHECK(said.out.find("Protocol  : TLSv1.1") != std::string::npos);
}

}  // namespace

TEST_CASE("a gateway that knows TLS 1.0 and 1.1 alone gets neither message nor secret",
          "[downgrade]") {
    let_openssl_take_old_versions();
    const std::string account = "AC00000000000000000000000000000000";
    const std::string from = "+12025550123";
    for (const std::string plugin :
         {"sms-http", "sms-twilio", "voice-twilio", "sms-vonage", "sms-kannel"}) {
        CAPTURE(plugin);
        PhoneChannel channel{plugin};
        const auto [name, address] = loopback_name();
        const auto certificates = make_certificates(channel.workshop.root(), "right", name);
        const HttpPeer peer{"old-tls", certificates, address};
        const std::string url = peer.url(name);
        check_taken_by_others(url.substr(std::string{"https://"}.size()), certificates);
        PhoneChannel::Options options{{"url", url}, {"ca_file", certificates.ca}};
        if (plugin == "sms-http") options["body"] = "to={to}&text={text}";
        if (plugin == "sms-kannel") options.insert({{"user", "latchkey"}});
        if (plugin == "sms-vonage") options.insert({{"api_key", "key"}, {"from", from}});
        if (plugin.ends_with("twilio")) options.insert({{"account", account}, {"from", from}});
        channel.use(options);
        CHECK(channel.send() == ChannelOutcome::Misconfigured);
        CHECK(channel.reply.for_log == "SSL connect error");
        CHECK(peer.received().empty());
    }
}

TEST_CASE("a mail server that knows TLS 1.0 and 1.1 alone gets neither password nor code",
          "[downgrade]") {
    let_openssl_take_old_versions();
    for (const std::string tls : {"starttls", "implicit"}) {
        CAPTURE(tls);
        EmailChannel mailing;
        const auto [name, address] = loopback_name();
        const auto certificates = make_certificates(mailing.workshop.root(), "right", name);
        const SmtpPeer peer{"old-" + tls, certificates, address};
        check_taken_by_others(name + ':' + peer.port(), certificates,
                              tls == "starttls" ? std::vector<std::string>{"-starttls", "smtp"}
                                                : std::vector<std::string>{});
        mailing.use({{"server", name},
                     {"port", peer.port()},
                     {"tls", tls},
                     {"ca_file", certificates.ca},
                     {"from", "latchkey@example.org"}});
        const auto reply = mailing.send();
        CHECK(reply.outcome == ChannelOutcome::Misconfigured);
        CHECK(reply.for_log.starts_with("SSL connect error"));
        CHECK(peer.received().empty());
    }
}
