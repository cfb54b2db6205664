// SPDX-License-Identifier: MIT
//
// What the email plugin sends, as a real mail server takes it.
#include <fstream>
#include <regex>

#include "tests/support/command.hpp"
#include "tests/support/email_channel.hpp"
#include "tests/support/smtp_peer.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;
using Options = MailOptions;

const std::vector<std::string> kHeaders{"Date",         "From",        "To",
                                        "Subject",      "Message-ID",  "Auto-Submitted",
                                        "MIME-Version", "Content-Type"};

std::vector<std::string> names_of(const ReceivedMail& mail) {
    std::vector<std::string> names;
    for (const auto& [name, value] : mail.headers) names.push_back(name);
    return names;
}

wire::ChannelCall probe() {
    wire::ChannelCall call;
    call.verb = wire::ChannelVerb::Probe;
    return call;
}

// A file of root that anybody may read, unless `mode` says otherwise.
std::string write_template(const EmailChannel& mailing, const std::string& html,
                           const std::string& mode = "0644") {
    const std::string file = mailing.workshop.root() + "/mail.html";
    std::ofstream{file} << html;
    must_run({"chmod", mode, file});
    return file;
}

}  // namespace

TEST_CASE("a message reaches the mail server of this host, in good form", "[email]") {
    EmailChannel mailing;
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
    EmailChannel mailing;
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
    EmailChannel mailing;
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
    EmailChannel mailing;
    const SmtpPeer peer{"plain"};
    const std::string file = write_template(
        mailing,
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
    EmailChannel mailing;
    const SmtpPeer peer{"plain"};
    const std::string good = "<p>{text}</p>";
    const std::string file = write_template(mailing, good);
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
    CHECK(refused(write_template(mailing, good, "0664")).find("can be changed by others") !=
          std::string::npos);
    CHECK(refused(write_template(mailing, good, "0600")) ==
          "option html_template cannot be read: Permission denied");
    CHECK(refused(write_template(mailing, "<p>{txt}</p>")) ==
          "option html_template has no {text}, where the message with its code would stand");
    CHECK(refused(write_template(mailing, "<img SRC='x'>{text}")).find("holds 'src'") !=
          std::string::npos);
    CHECK(refused(write_template(mailing, "{text}" + std::string(16384, ' '))) ==
          "option html_template is longer than 16,384 bytes");
    CHECK(peer.received().empty());
}

TEST_CASE("text and subject beyond ASCII arrive unchanged in short lines", "[email]") {
    EmailChannel mailing;
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

TEST_CASE("the email plugin names the option that is wrong", "[email]") {
    EmailChannel mailing;
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
