// SPDX-License-Identifier: MIT
//
// The sendmail plugin with the sendmail of Debian's mailers: set-id programs, daemons
// and queues of their own, in a sandbox. What is left in ada's mailbox counts.
#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"
#include "tests/support/command.hpp"
#include "tests/support/debian_peer.hpp"
#include "tests/support/process_list.hpp"
#include "tests/support/smtp_peer.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/system/comes_true.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;

constexpr const char* kMailbox = "/var/mail/ada";
constexpr const char* kSubject = "Wiederherstellungscode für „Zürich“, gültig zehn Minuten 🔑";

struct Mailing {
    ChannelWorkshop workshop{{"sendmail"}};
    wire::ChannelSetup setup = workshop.setup("sendmail", Profile::Program);

    explicit Mailing(const std::string& mailer, const std::vector<std::string>& answers = {}) {
        install_debian_peer(mailer, answers);
        must_run({"useradd", "--create-home", "ada"});
        setup.options = {{"from", "Müllers Auskunft <root@localhost>"}};
        setup.deadline_seconds = 20;
    }
    wire::ChannelReply send(const std::string& to) {
        wire::ChannelCall call = delivery_to(to);
        call.subject = kSubject;
        auto reply = workshop.call(setup, call);
        if (!reply) throw std::runtime_error{reply.error().detail};
        return std::move(*reply);
    }
    // The code is in the mailbox, and nothing of it in the log.
    void check_delivery() {
        const auto reply = send("ada@localhost");
        INFO(reply.for_log);
        REQUIRE(reply.outcome == ChannelOutcome::Queued);
        CHECK(reply.for_log == "the program ended with exit status 0");
        CHECK(comes_true([] {
            return content_of(kMailbox).find("Your recovery code is 4711 0815.") !=
                   std::string::npos;
        }));
        const std::string mail = content_of(kMailbox);
        INFO(mail);
        CHECK(mail.find('\r') == std::string::npos);
        check_reading(mail);
        CHECK(workshop.host().ended_within(std::chrono::seconds{25}));
        CHECK(processes_with(workshop.root()).empty());
    }

private:
    // What Python's e-mail package makes of it: every mailer left the words and the parts whole.
    static void check_reading(const std::string& mail) {
        const TemporaryDirectory reports;
        const std::string base = reports.file("mail");
        must_run({"/usr/bin/python3", LATCHKEY_TEST_MAIL_REPORT, base}, mail);
        const ReceivedMail read = read_mail_report(base);
        CHECK(read.defects.empty());
        CHECK(read.is_ascii);
        CHECK(read.header("From") == "Müllers Auskunft <root@localhost>");
        CHECK(read.header("To") == "ada@localhost");
        CHECK(read.header("Subject") == kSubject);
        CHECK(read.header("Auto-Submitted") == "auto-generated");
        CHECK(read.header("Message-ID") == "<1f0c7f3e-0001@localhost>");
        CHECK(read.types == std::vector<std::string>{"text/plain", "text/html"});
        CHECK(read.body.find("Your recovery code is 4711 0815.") == 0);
        CHECK(read.html.find("4711 0815") != std::string::npos);
    }
};

}  // namespace

TEST_CASE("postfix's sendmail takes a message and delivers it", "[sendmail]") {
    Mailing mailing{"postfix",
                    {"postfix postfix/main_mailer_type select Local only",
                     "postfix postfix/mailname string localhost"}};
    must_run({"postfix", "start"});
    mailing.check_delivery();
    must_run({"postfix", "stop"});
}

TEST_CASE("postfix's sendmail takes a message while postfix is down", "[sendmail]") {
    Mailing mailing{"postfix",
                    {"postfix postfix/main_mailer_type select Local only",
                     "postfix postfix/mailname string localhost"}};
    CHECK(mailing.send("ada@localhost").outcome == ChannelOutcome::Queued);
    CHECK_FALSE(std::filesystem::is_empty("/var/spool/postfix/maildrop"));
}

TEST_CASE("dma's sendmail takes a message and delivers it in the background", "[sendmail]") {
    Mailing mailing{"dma", {"dma dma/mailname string localhost"}};
    mailing.check_delivery();
}

TEST_CASE("exim's sendmail takes a message and delivers it in the background", "[sendmail]") {
    Mailing mailing{
        "exim4-daemon-light",
        {"exim4-config exim4/dc_eximconfig_configtype select local delivery only; not on a network",
         "exim4-config exim4/mailname string localhost"}};
    mailing.check_delivery();
}

TEST_CASE("without a mailer the sendmail plugin says so", "[sendmail]") {
    ChannelWorkshop workshop{{"sendmail"}};
    auto setup = workshop.setup("sendmail", Profile::Program);
    setup.options = {{"program", "/usr/sbin/no-such-mailer"}, {"from", "root@localhost"}};
    const auto absent = workshop.call(setup, delivery_to("ada@localhost"));
    REQUIRE(absent);
    CHECK(absent->outcome == ChannelOutcome::Misconfigured);
    CHECK(absent->for_log == "option program No such file or directory");
    setup.options = {{"from", "nobody"}};
    const auto nobody = workshop.call(setup, delivery_to("ada@localhost"));
    REQUIRE(nobody);
    CHECK(nobody->outcome == ChannelOutcome::Misconfigured);
    CHECK(nobody->for_log.find("option from is no address") == 0);
}

TEST_CASE("no address becomes an option or a second recipient of a mailer", "[sendmail]") {
    ChannelWorkshop workshop{{"sendmail"}};
    auto setup = workshop.setup("sendmail", Profile::Program);
    setup.options = {{"program", "/bin/true"}, {"from", "root@localhost"}};
    for (const char* address : {"-bd", "a@example.org\nBcc: b@example.org", "a@example.org,b@x.org",
                                "", "ada", "|/bin/sh@example.org x", "a b@example.org"}) {
        CAPTURE(address);
        const auto reply = workshop.call(setup, delivery_to(address));
        REQUIRE(reply);
        CHECK(reply->outcome == ChannelOutcome::Permanent);
    }
}
