// SPDX-License-Identifier: MIT
//
// The email plugin in its sandbox against Debian's postfix: TLS, logins, and what lies in a
// mailbox in the end, read by Python's e-mail package.
#include <map>

#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"
#include "tests/support/postfix_peer.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;
using Options = std::map<std::string, std::string>;

struct Mailing {
    ChannelWorkshop workshop{{"email"}};
    LoopbackName host = loopback_name();
    Certificates right = make_certificates(workshop.root(), "right", host.name);
    Certificates strange = make_certificates(workshop.root(), "strange", host.name);
    PostfixPeer postfix{right};

    // By its name, over TLS and with a login, unless `more` says otherwise.
    wire::ChannelReply send(const Options& more, const std::string& to = "ada@localhost",
                            const std::string& secret = PostfixPeer::kPassword) {
        Options options{{"server", host.name},
                        {"tls", "starttls"},
                        {"ca_file", right.ca},
                        {"user", PostfixPeer::kUser},
                        {"from", "Zentrum für Köln und Umgebung <help@localhost>"}};
        for (const auto& [key, value] : more) options[key] = value;
        return deliver(options, to, secret);
    }
    // To the port without TLS.
    wire::ChannelReply send_in_the_clear(const std::string& to, const std::string& from) {
        return deliver({{"port", "25"}, {"from", from}}, to, {});
    }

private:
    wire::ChannelReply deliver(const Options& options, const std::string& to,
                               const std::string& secret) {
        auto setup = workshop.setup("email", Profile::Network);
        setup.deadline_seconds = 30;
        setup.options.assign(options.begin(), options.end());
        setup.secret = Secret{secret};
        auto call = delivery_to(to);
        call.subject = "Ihr Schlüssel für größe.example: äöüß ÄÖÜ € 漢字 und noch etwas mehr";
        call.code = Secret{"47110815"};
        auto reply = workshop.call(setup, call);
        if (!reply) throw std::runtime_error{reply.error().detail};
        for (const std::string& secret_part :
             {std::string{"4711"}, std::string{"0815"}, to, secret})
            CHECK((secret_part.empty() || reply->for_log.find(secret_part) == std::string::npos));
        return std::move(*reply);
    }
};

}  // namespace

TEST_CASE("postfix takes a message over TLS from who logs in, and ada can read it", "[postfix]") {
    Mailing mailing;
    const std::vector<Options> ways{{{"port", "587"}},
                                    {{"port", "465"}, {"tls", "implicit"}},
                                    {{"port", "588"}},
                                    {{"port", "587"}, {"html", "false"}}};
    for (const Options& way : ways) {
        const auto reply = mailing.send(way);
        INFO(way.at("port") << ": " << reply.for_log);
        REQUIRE(reply.outcome == ChannelOutcome::Accepted);
    }
    mailing.postfix.wait_for_conversations(ways.size());
    CHECK(mailing.postfix.conversations_with("auth=1 ") == ways.size());

    const auto mails = mailing.postfix.received(ways.size());
    std::size_t pages = 0;
    for (const ReceivedMail& mail : mails) {
        CHECK(mail.defects.empty());
        CHECK(mail.header("Subject") ==
              "Ihr Schlüssel für größe.example: äöüß ÄÖÜ € 漢字 und noch etwas mehr");
        CHECK(mail.header("From") == "Zentrum für Köln und Umgebung <help@localhost>");
        CHECK(mail.header("To") == "ada@localhost");
        CHECK(mail.header("Message-ID") == "<1f0c7f3e-0001@localhost>");
        CHECK(mail.body == "Your recovery code is 4711 0815.\nIt is valid for 10 minutes.\n");
        if (!mail.multipart) continue;
        ++pages;
        CHECK(mail.types == std::vector<std::string>{"text/plain", "text/html"});
        CHECK(mail.html.find("Your recovery code is <strong>4711 0815</strong>.<br>") !=
              std::string::npos);
    }
    CHECK(pages == ways.size() - 1);
}

TEST_CASE("postfix is told no password and no code where something is wrong", "[postfix]") {
    Mailing mailing;
    const std::string others = mailing.strange.ca;
    const std::vector<Options> ways{{{"port", "587"}, {"ca_file", others}},
                                    {{"port", "465"}, {"ca_file", others}, {"tls", "implicit"}},
                                    {{"port", "587"}, {"server", "127.0.0.1"}},  // another name
                                    {{"port", "589"}},  // STARTTLS taken away
                                    {{"port", "589"}, {"tls", "implicit"}}};
    for (const Options& way : ways) {
        const auto reply = mailing.send(way);
        INFO(way.at("port") << ": " << reply.for_log);
        CHECK(reply.outcome == ChannelOutcome::Misconfigured);
    }
    mailing.postfix.wait_for_conversations(ways.size());
    CHECK(mailing.postfix.conversations_with("auth=") == 0);
    CHECK(mailing.postfix.conversations_with("mail=") == 0);

    const auto wrong = mailing.send({{"port", "587"}}, "ada@localhost", "wrong password");
    INFO(wrong.for_log);
    CHECK(wrong.outcome == ChannelOutcome::Misconfigured);
    mailing.postfix.wait_for_conversations(ways.size() + 1);
    CHECK(mailing.postfix.conversations_with("auth=0/") == 1);
    CHECK(mailing.postfix.conversations_with("mail=") == 0);
}

TEST_CASE("what postfix says of a recipient, a sender or a stranger becomes an outcome",
          "[postfix]") {
    Mailing mailing;
    const auto outcome = [&](const std::string& to, const std::string& from = "help@localhost") {
        const auto reply = mailing.send_in_the_clear(to, from);
        UNSCOPED_INFO(to << ": " << reply.for_log);
        return reply.outcome;
    };
    CHECK(outcome("ada@localhost") == ChannelOutcome::Accepted);
    CHECK(outcome("nobody-here@localhost") == ChannelOutcome::Permanent);
    CHECK(outcome("later@localhost") == ChannelOutcome::Temporary);
    CHECK(outcome("ada@localhost", "liar@localhost") == ChannelOutcome::Misconfigured);
    const auto stranger = mailing.send({{"port", "587"}, {"user", "stranger"}});
    CHECK(stranger.outcome == ChannelOutcome::Misconfigured);
    CHECK(mailing.postfix.received(1).size() == 1);
}
