// SPDX-License-Identifier: MIT
//
// To whom the email plugin says its password and the code: to a server that has proven to be
// the right one, over TLS.
#include "tests/support/email_channel.hpp"
#include "tests/support/smtp_peer.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;
using Options = MailOptions;

// Options that reach `peer` over verified TLS by a name.
Options over_tls(const SmtpPeer& peer, const char* mode, const Certificates& certificates) {
    return {{"server", loopback_name().name},
            {"port", peer.port()},
            {"tls", mode},
            {"ca_file", certificates.ca},
            {"from", "latchkey@example.org"}};
}

}  // namespace

TEST_CASE("a message goes over verified TLS to a server that is reached by its name", "[email]") {
    EmailChannel mailing;
    const auto [name, address] = loopback_name();
    const auto certificates = make_certificates(mailing.workshop.root(), "right", name);
    const std::string mode = GENERATE("starttls", "implicit");
    CAPTURE(mode, name);
    const SmtpPeer peer{mode, certificates, address};
    mailing.use(over_tls(peer, mode.c_str(), certificates));
    const auto reply = mailing.send();
    INFO(reply.for_log);
    REQUIRE(reply.outcome == ChannelOutcome::Accepted);
    const auto received = peer.received();
    REQUIRE(received.size() == 1);
    CHECK(received.front().tls);
    CHECK(received.front().recipients == std::vector<std::string>{"ada@example.org"});
}

TEST_CASE("the channel logs in with its secret, and only over TLS", "[email]") {
    EmailChannel mailing;
    const auto [name, address] = loopback_name();
    const auto certificates = make_certificates(mailing.workshop.root(), "right", name);
    struct Row {
        std::string mode;
        const char* tls;
        std::string login;
    };
    const auto row = GENERATE(values<Row>({{"auth", "starttls", "PLAIN tls\n"},
                                           {"auth-login", "starttls", "LOGIN tls\n"},
                                           {"auth-implicit", "implicit", "PLAIN tls\n"}}));
    CAPTURE(row.mode);
    const SmtpPeer peer{row.mode, certificates, address};
    auto options = over_tls(peer, row.tls, certificates);

    const auto anonymous = [&] {
        mailing.use(options);
        return mailing.send();
    }();
    CHECK(anonymous.outcome == ChannelOutcome::Misconfigured);
    CHECK(peer.logins().empty());

    options["user"] = "mailer";
    mailing.use(options, "wrong password");
    const auto wrong = mailing.send();
    CHECK(wrong.outcome == ChannelOutcome::Misconfigured);
    CHECK(wrong.for_log.find("wrong password") == std::string::npos);
    CHECK(peer.received().empty());
    CHECK(peer.logins().starts_with(row.login));

    mailing.use(options, "correct horse");
    const auto right = mailing.send();
    INFO(right.for_log);
    REQUIRE(right.outcome == ChannelOutcome::Accepted);
    check_silent(right);
    REQUIRE(peer.received().size() == 1);
    CHECK(peer.received().front().user == "mailer");
    CHECK(peer.received().front().tls);

    mailing.use(options);
    CHECK(mailing.send().outcome == ChannelOutcome::Misconfigured);
    CHECK(peer.logins().find("clear") == std::string::npos);
}

TEST_CASE("a server from which somebody took STARTTLS is told no password and no code", "[email]") {
    EmailChannel mailing;
    const auto [name, address] = loopback_name();
    const auto certificates = make_certificates(mailing.workshop.root(), "right", name);
    const SmtpPeer peer{"stripped", certificates, address};
    const std::string tls = GENERATE("starttls", "implicit");
    CAPTURE(tls);
    auto options = over_tls(peer, tls.c_str(), certificates);
    options["user"] = "mailer";
    mailing.use(options, "correct horse");
    const auto reply = mailing.send();
    INFO(reply.for_log);
    CHECK(reply.outcome == ChannelOutcome::Misconfigured);
    check_silent(reply);
    CHECK(peer.received().empty());
    CHECK(peer.logins().empty());
}

TEST_CASE("a password is not sent in the clear, not even on this host", "[email]") {
    EmailChannel mailing;
    const SmtpPeer peer{"stripped"};
    mailing.use({{"port", peer.port()}, {"from", "a@example.org"}, {"user", "mailer"}},
                "correct horse");
    const auto reply = mailing.send();
    CHECK(reply.outcome == ChannelOutcome::Misconfigured);
    CHECK(reply.for_log.find("option user needs tls") == 0);
    CHECK(peer.received().empty());
    CHECK(peer.logins().empty());
}

TEST_CASE("nothing is sent to a server whose certificate is not right", "[email]") {
    EmailChannel mailing;
    const auto [name, address] = loopback_name();
    const auto right = make_certificates(mailing.workshop.root(), "right", name);
    const auto strange = make_certificates(mailing.workshop.root(), "strange", name);
    const auto misnamed = make_certificates(mailing.workshop.root(), "misnamed", "other.example");
    const std::string mode = GENERATE("starttls", "implicit");
    CAPTURE(mode);

    const SmtpPeer peer{mode, right, address};
    mailing.use(over_tls(peer, mode.c_str(), strange));
    CHECK(mailing.send().outcome == ChannelOutcome::Misconfigured);

    auto options = over_tls(peer, mode.c_str(), right);
    options.erase("ca_file");  // the host's own certificates do not know the test's authority
    mailing.use(options);
    CHECK(mailing.send().outcome == ChannelOutcome::Misconfigured);

    options["ca_file"] = mailing.workshop.root() + "/absent.pem";
    mailing.use(options);
    CHECK(mailing.send().outcome == ChannelOutcome::Misconfigured);
    CHECK(peer.received().empty());

    const SmtpPeer misnamed_peer{mode, misnamed, address};
    mailing.use(over_tls(misnamed_peer, mode.c_str(), misnamed));
    CHECK(mailing.send().outcome == ChannelOutcome::Misconfigured);
    CHECK(misnamed_peer.received().empty());
}

TEST_CASE("nothing is sent in the clear to a server that does not offer STARTTLS", "[email]") {
    EmailChannel mailing;
    const SmtpPeer peer{"plain"};
    mailing.use({{"port", peer.port()}, {"tls", "starttls"}, {"from", "a@example.org"}});
    CHECK(mailing.send().outcome == ChannelOutcome::Misconfigured);
    CHECK(peer.received().empty());
}
