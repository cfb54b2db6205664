// SPDX-License-Identifier: MIT
//
// The same as in every_method_test.cpp for the plugins that hand over to something of this
// host: smstools, gammu-smsd, dma, baresip and espeak-ng, the real ones, and a script.
#include <filesystem>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/debian_peer.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/sip_peers.hpp"
#include "tests/system/carried.hpp"

namespace latchkey {

namespace fs = std::filesystem;

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

TEST_CASE("a code that gammu-smsd sends by a phone that it plays changes the password") {
    install_debian_peer("gammu-smsd");
    fs::create_directory("/var/spool/gammu/phone");
    must_run({"chown", "gammu:gammu", "/var/spool/gammu/phone"});
    write_file("/etc/gammu-smsdrc",
               "[gammu]\nmodel = dummy\nconnection = none\ndevice = /var/spool/gammu/phone\n"
               "[smsd]\nservice = files\nlogfile = /dev/null\ncommtimeout = 1\nloopsleep = 1\n"
               "inboxpath = /var/spool/gammu/inbox/\noutboxpath = /var/spool/gammu/outbox/\n"
               "sentsmspath = /var/spool/gammu/sent/\nerrorsmspath = /var/spool/gammu/error/\n");
    // As root, which is how Debian's unit starts it.
    const RunningProgram smsd{{"/usr/bin/gammu-smsd"}, 0, 0, UniqueFd{}};
    Carried host{
        "sms-spool",
        setting("profile", "program") + setting("format", "gammu") + setting("group", "gammu"),
        "sms", kNumber};
    host.peer = "gammu-smsd";
    Terminal login = host.asks_for_a_code(kText, kTyped);
    const std::string sent = host.waits_for("/var/spool/gammu/sent", "is the recovery code of ada");
    CHECK(sent.find(kNumber) != std::string::npos);
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
