// SPDX-License-Identifier: MIT
//
// The email plugin in its sandbox against a real mail server.
#include <fstream>
#include <map>
#include <regex>

#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"
#include "tests/support/command.hpp"
#include "tests/support/smtp_peer.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;
using Options = std::map<std::string, std::string>;

const std::vector<std::string> kHeaders{"Date",         "From",        "To",
                                        "Subject",      "Message-ID",  "Auto-Submitted",
                                        "MIME-Version", "Content-Type"};

std::vector<std::string> names_of(const ReceivedMail& mail) {
    std::vector<std::string> names;
    for (const auto& [name, value] : mail.headers) names.push_back(name);
    return names;
}

wire::ChannelCall code_delivery() {
    auto call = delivery_to("ada@example.org");
    call.code = Secret{"47110815"};
    return call;
}

wire::ChannelCall probe() {
    wire::ChannelCall call;
    call.verb = wire::ChannelVerb::Probe;
    return call;
}

struct Mailing {
    ChannelWorkshop workshop{{"email"}};
    wire::ChannelSetup setup = workshop.setup("email", Profile::Network);

    void use(const Options& options, std::string_view secret = {}) {
        setup.options.assign(options.begin(), options.end());
        setup.secret = Secret{secret};
    }
    wire::ChannelReply send(const wire::ChannelCall& call) {
        auto reply = workshop.call(setup, call);
        if (!reply) throw std::runtime_error{reply.error().detail};
        return std::move(*reply);
    }
    wire::ChannelReply send() { return send(code_delivery()); }

    // A file of root that anybody may read, unless `mode` says otherwise.
    std::string write_template(const std::string& html, mode_t mode = 0644) const {
        const std::string file = workshop.root() + "/mail.html";
        std::ofstream{file} << html;
        must_run(
            {"chmod",
             std::to_string(mode >> 6) + std::to_string(mode >> 3 & 7) + std::to_string(mode & 7),
             file});
        return file;
    }
};

// Options that reach `peer` over verified TLS by a name.
Options over_tls(const SmtpPeer& peer, const char* mode, const Certificates& certificates) {
    return {{"server", loopback_name().name},
            {"port", peer.port()},
            {"tls", mode},
            {"ca_file", certificates.ca},
            {"from", "latchkey@example.org"}};
}

// The log of a channel never holds what was sent in confidence.
void check_silent(const wire::ChannelReply& reply) {
    CHECK(reply.for_log.find("4711") == std::string::npos);
    CHECK(reply.for_log.find("0815") == std::string::npos);
    CHECK(reply.for_log.find("ada@example.org") == std::string::npos);
    CHECK(reply.for_log.find("correct horse") == std::string::npos);
}

}  // namespace

TEST_CASE("a message reaches the mail server of this host, in good form", "[email]") {
    Mailing mailing;
    const SmtpPeer peer{"plain"};
    mailing.use({{"port", peer.port()}, {"from", "Example Help \"Desk\" <help@example.org>"}});
    const auto reply = mailing.send();
    INFO(reply.for_log);
    REQUIRE(reply.outcome == ChannelOutcome::Accepted);
    check_silent(reply);

    const auto received = peer.received();
    REQUIRE(received.size() == 1);
    const ReceivedMail& mail = received.front();
    CHECK(mail.mail_from == "help@example.org");
    CHECK(mail.recipients == std::vector<std::string>{"ada@example.org"});
    CHECK(names_of(mail) == kHeaders);
    CHECK(mail.defects.empty());
    CHECK(mail.types == std::vector<std::string>{"text/plain", "text/html"});
    CHECK(mail.header("From") == "\"Example Help \\\"Desk\\\"\" <help@example.org>");
    CHECK(mail.header("To") == "ada@example.org");
    CHECK(mail.header("Subject") == "Your recovery code for example");
    CHECK(mail.header("Message-ID") == "<1f0c7f3e-0001@example.org>");
    CHECK(mail.header("Auto-Submitted") == "auto-generated");
    CHECK(mail.header("Content-Type") == "multipart/alternative; boundary=\"=_latchkey\"");
    CHECK(mail.encodings == std::vector<std::string>{"7bit", "quoted-printable"});
    CHECK(std::regex_match(
        mail.header("Date"),
        std::regex{
            "(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d \\+0000"}));
    CHECK(mail.body == "Your recovery code is 4711 0815.\r\nIt is valid for 10 minutes.\r\n");
    CHECK(mail.html.find("<p>Your recovery code is <strong>4711 0815</strong>.<br>\r\n"
                         "It is valid for 10 minutes.</p>") != std::string::npos);
    CHECK(mail.html.find("<title>Your recovery code for example</title>") != std::string::npos);
}

TEST_CASE("a notice is a page without a code", "[email]") {
    Mailing mailing;
    const SmtpPeer peer{"plain"};
    mailing.use({{"port", peer.port()}, {"from", "help@example.org"}});
    auto call = code_delivery();
    call.code = Secret{};
    REQUIRE(mailing.send(call).outcome == ChannelOutcome::Accepted);
    const auto received = peer.received();
    REQUIRE(received.size() == 1);
    CHECK(received.front().html.find("Your recovery code is 4711 0815.<br>") != std::string::npos);
    CHECK(received.front().html.find("<strong>") == std::string::npos);
}

TEST_CASE("a mail is plain text alone where html is false", "[email]") {
    Mailing mailing;
    const SmtpPeer peer{"plain"};
    mailing.use({{"port", peer.port()}, {"from", "help@example.org"}, {"html", "false"}});
    REQUIRE(mailing.send().outcome == ChannelOutcome::Accepted);
    const auto received = peer.received();
    REQUIRE(received.size() == 1);
    CHECK_FALSE(received.front().multipart);
    CHECK(received.front().header("Content-Type") == "text/plain; charset=utf-8");
    CHECK(received.front().header("Content-Transfer-Encoding") == "7bit");
    CHECK(received.front().body ==
          "Your recovery code is 4711 0815.\r\nIt is valid for 10 minutes.\r\n");
}

TEST_CASE("an administrator's own template makes the page", "[email]") {
    Mailing mailing;
    const SmtpPeer peer{"plain"};
    const std::string file = mailing.write_template(
        "<html><body><h1>Zentrum für Köln</h1>\r\n<p title='{subject}'>{text}</p></body></html>");
    mailing.use({{"port", peer.port()}, {"from", "help@example.org"}, {"html_template", file}});
    auto call = code_delivery();
    call.subject = "<b>&'\"{text}";
    call.text = Secret{"Code 4711 0815 <script>alert('1')</script> {subject}\n"};
    REQUIRE(mailing.send(call).outcome == ChannelOutcome::Accepted);
    const auto received = peer.received();
    REQUIRE(received.size() == 1);
    CHECK(received.front().defects.empty());
    CHECK(received.front().html ==
          "<html><body><h1>Zentrum für Köln</h1>\r\n"
          "<p title='&lt;b&gt;&amp;&#39;&quot;{text}'>Code <strong>4711 0815</strong> "
          "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; {subject}</p></body></html>\r\n");
}

TEST_CASE("a template that others may change, or that is none, sends nothing", "[email]") {
    Mailing mailing;
    const SmtpPeer peer{"plain"};
    const std::string good = "<p>{text}</p>";
    const std::string file = mailing.write_template(good);
    const auto refused = [&](const std::string& path) {
        mailing.use({{"port", peer.port()}, {"from", "help@example.org"}, {"html_template", path}});
        const auto reply = mailing.send();
        CHECK(reply.outcome == ChannelOutcome::Misconfigured);
        CHECK(mailing.workshop.call(mailing.setup, probe())->for_log == reply.for_log);
        return reply.for_log;
    };
    CHECK(refused("mail.html") == "option html_template is no absolute path");
    CHECK(refused(file + "x") == "option html_template No such file or directory");
    CHECK(refused(mailing.workshop.root()) == "option html_template is no file that can be read");
    CHECK(refused(mailing.write_template(good, 0664)).find("can be changed by others") !=
          std::string::npos);
    CHECK(refused(mailing.write_template(good, 0600)) ==
          "option html_template cannot be read: Permission denied");
    CHECK(refused(mailing.write_template("<p>{txt}</p>")) ==
          "option html_template has no {text}, where the message with its code would stand");
    CHECK(refused(mailing.write_template("<img SRC='x'>{text}")).find("holds 'src'") !=
          std::string::npos);
    CHECK(refused(mailing.write_template("{text}" + std::string(16384, ' '))) ==
          "option html_template is longer than 16,384 bytes");
    CHECK(peer.received().empty());
}

TEST_CASE("text and subject beyond ASCII arrive unchanged in short lines", "[email]") {
    Mailing mailing;
    const SmtpPeer peer{"plain"};
    mailing.use({{"port", peer.port()}, {"from", "Rechenzentrum Köln <help@example.org>"}});
    auto call = delivery_to("ada@example.org");
    call.subject =
        "Ihr Schlüssel für den Rechner größe.example: äöüß ÄÖÜ € 漢字 und noch etwas mehr";
    std::string text = "Ihr Code für »größe« lautet 4711 0815. \n.\n..\n.Punkt\n=20\n";
    for (int i = 0; i < 40; ++i) text += "eine lange Zeile mit Umlauten äöü und 漢字 ";
    call.text = Secret{text};
    REQUIRE(mailing.send(call).outcome == ChannelOutcome::Accepted);

    const auto received = peer.received();
    REQUIRE(received.size() == 1);
    const ReceivedMail& mail = received.front();
    CHECK(names_of(mail) == kHeaders);
    CHECK(mail.defects.empty());
    CHECK(mail.longest_line <= 76);
    CHECK(mail.bare_line_ends == 0);
    CHECK(mail.is_ascii);
    CHECK(mail.header("Subject") == call.subject);
    CHECK(mail.header("From") == "Rechenzentrum Köln <help@example.org>");
    CHECK(mail.encodings == std::vector<std::string>{"quoted-printable", "quoted-printable"});
    CHECK(mail.html.find("»größe« lautet") != std::string::npos);
    CHECK(std::regex_replace(mail.body, std::regex{"\r\n"}, "\n") == text + "\n");
}

TEST_CASE("a message goes over verified TLS to a server that is reached by its name", "[email]") {
    Mailing mailing;
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
    Mailing mailing;
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
    Mailing mailing;
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
    Mailing mailing;
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
    Mailing mailing;
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
    Mailing mailing;
    const SmtpPeer peer{"plain"};
    mailing.use({{"port", peer.port()}, {"tls", "starttls"}, {"from", "a@example.org"}});
    CHECK(mailing.send().outcome == ChannelOutcome::Misconfigured);
    CHECK(peer.received().empty());
}

TEST_CASE("the answers of a mail server become outcomes", "[email]") {
    Mailing mailing;
    struct Row {
        std::string mode;
        ChannelOutcome outcome;
    };
    const auto row =
        GENERATE(values<Row>({{"reply:RCPT:550 5.1.1 no such user", ChannelOutcome::Permanent},
                              {"reply:RCPT:551 5.1.6 moved", ChannelOutcome::Permanent},
                              {"reply:RCPT:553 5.1.3 bad", ChannelOutcome::Permanent},
                              {"reply:RCPT:554 5.7.1 no relay", ChannelOutcome::Permanent},
                              {"reply:RCPT:450 4.2.1 busy", ChannelOutcome::Temporary},
                              {"reply:RCPT:451 4.7.1 later", ChannelOutcome::Temporary},
                              {"reply:RCPT:452 4.2.2 full", ChannelOutcome::Temporary},
                              {"reply:RCPT:421 4.3.2 bye", ChannelOutcome::Temporary},
                              {"reply:RCPT:530 5.7.0 login", ChannelOutcome::Misconfigured},
                              {"reply:MAIL:451 4.3.0 later", ChannelOutcome::Temporary},
                              {"reply:MAIL:550 5.1.8 sender", ChannelOutcome::Misconfigured},
                              {"reply:MAIL:553 5.7.1 sender", ChannelOutcome::Misconfigured},
                              {"reply:DATA:451 4.3.0 later", ChannelOutcome::Temporary},
                              {"reply:DATA:552 5.3.4 size", ChannelOutcome::Permanent},
                              {"refuse-data", ChannelOutcome::Permanent},
                              {"not-now", ChannelOutcome::Temporary},
                              {"not-you", ChannelOutcome::Misconfigured},
                              {"reset", ChannelOutcome::Temporary}}));
    CAPTURE(row.mode);
    const SmtpPeer peer{row.mode};
    mailing.use({{"port", peer.port()}, {"from", "a@example.org"}});
    const auto reply = mailing.send();
    CAPTURE(reply.for_log);
    CHECK(reply.outcome == row.outcome);
    CHECK(peer.received().empty());
    check_silent(reply);
}

TEST_CASE("a server that is mute, endless or mad costs no more than the deadline", "[email]") {
    Mailing mailing;
    mailing.setup.deadline_seconds = 1;
    const std::string mode = GENERATE("mute", "endless-greeting", "endless-line", "garbage");
    CAPTURE(mode);
    const SmtpPeer peer{mode};
    mailing.use({{"port", peer.port()}, {"from", "a@example.org"}});
    const auto before = std::chrono::steady_clock::now();
    const auto reply = mailing.workshop.call(mailing.setup, delivery_to("ada@example.org"));
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{3});
    if (reply)
        CHECK(reply->outcome == ChannelOutcome::Temporary);
    else
        CHECK(reply.error().kind == ErrorKind::Unavailable);
}

TEST_CASE("a mail server that is not there is worth another try", "[email]") {
    Mailing mailing;
    std::string port;
    {
        const SmtpPeer gone{"mute"};
        port = gone.port();
    }
    mailing.use({{"port", port}, {"from", "a@example.org"}});
    CHECK(mailing.send().outcome == ChannelOutcome::Temporary);
    mailing.setup.deadline_seconds = 1;  // a resolver that does not answer is as good
    mailing.use({{"server", "no-such-host.invalid"}, {"from", "a@example.org"}});
    CHECK(mailing.send().outcome == ChannelOutcome::Temporary);
}

TEST_CASE("the email plugin names the option that is wrong", "[email]") {
    Mailing mailing;
    struct Row {
        Options options;
        std::string named;
    };
    const auto row = GENERATE(
        values<Row>({{{{"server", "mail.example.org"}, {"tls", "none"}}, "option tls = "},
                     {{{"server", "192.0.2.1"}, {"tls", "none"}}, "option tls = "},
                     {{{"tls", "maybe"}}, "option tls "},
                     {{{"server", "mail.example.org/x"}}, "option server "},
                     {{{"server", "user@mail.example.org"}}, "option server "},
                     {{{"server", ""}}, "option server "},
                     {{{"port", "0"}}, "option port "},
                     {{{"port", "65536"}}, "option port "},
                     {{{"port", "25x"}}, "option port "},
                     {{{"ca_file", "ca.pem"}}, "option ca_file "},
                     {{{"user", "mailer"}, {"tls", "starttls"}}, "option user is set, but"},
                     {{{"user", "mailer"}}, "option user needs tls"},
                     {{{"html", "yes"}}, "option html "},
                     {{{"from", "nobody"}}, "option from "},
                     {{{"from", "Eve <eve@example.org>\r\nBcc: x@example.org"}}, "option from "},
                     {{{"hello_name", "a b"}}, "option hello_name "}}));
    CAPTURE(row.named);
    mailing.use(row.options);
    const auto reply = mailing.send();
    CHECK(reply.outcome == ChannelOutcome::Misconfigured);
    CHECK(reply.for_log.find(row.named) == 0);
}
