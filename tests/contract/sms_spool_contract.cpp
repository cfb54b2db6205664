// SPDX-License-Identifier: MIT
//
// The sms-spool plugin with the daemons that have the modem: smsd of smstools 3 with a
// modem that it plays itself, gammu-smsd with its dummy phone; in a sandbox.
#include <grp.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"
#include "tests/support/command.hpp"
#include "tests/support/debian_peer.hpp"
#include "tests/support/process_list.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/system/comes_true.hpp"

namespace {

using namespace latchkey;
namespace fs = std::filesystem;
using wire::ChannelOutcome;

constexpr std::string_view kText = "Code 47110815 for ada on example, valid 10 minutes";

wire::ChannelCall text_to(const std::string& number) {
    auto call = delivery_to(number);
    call.short_text = Secret{kText};
    call.code = Secret{"47110815"};
    call.expires_at = static_cast<std::uint64_t>(::time(nullptr)) + 600;
    return call;
}

gid_t gid_of(const char* group) {
    const struct group* row = ::getgrnam(group);
    if (row == nullptr) throw std::runtime_error{std::string{"no group "} + group};
    return row->gr_gid;
}

// The files of a directory, joined.
std::string contents_of(const std::string& directory) {
    std::string all;
    for (const auto& file : fs::directory_iterator{directory}) all += content_of(file.path());
    return all;
}

std::size_t files_in(const std::string& directory) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator{directory}, fs::directory_iterator{}));
}

void check_silent(const wire::ChannelReply& reply) {
    for (const char* confidence : {"4711", "0815", "49301234"})
        CHECK(reply.for_log.find(confidence) == std::string::npos);
}

const std::string kSpool = "/var/spool/sms";

struct Smstools {
    ChannelWorkshop workshop{{"sms-spool"}};
    wire::ChannelSetup setup = workshop.setup("sms-spool", Profile::Spool);

    Smstools() {
        install_debian_peer("smstools");
        workshop.give_group(gid_of("smsd"));
        setup.options = {{"format", "smstools3"}, {"directory", kSpool}};
    }
    // smsd itself, as Debian starts it, with a modem that it only pretends to have.
    RunningProgram smsd() {
        // What Debian's init script makes.
        fs::create_directory("/run/smstools");
        must_run({"chown", "smsd:smsd", "/run/smstools"});
        std::ofstream{"/etc/smsd.conf"} << "devices = GSM1\nloglevel = 7\ndelaytime = 1\n"
                                           "logfile = /var/log/smstools/smsd.log\n"
                                           "infofile = /run/smstools/smsd.working\n"
                                           "pidfile = /run/smstools/smsd.pid\n"
                                           "outgoing = /var/spool/sms/outgoing\n"
                                           "checked = /var/spool/sms/checked\n"
                                           "failed = /var/spool/sms/failed\n"
                                           "incoming = /var/spool/sms/incoming\n"
                                           "sent = /var/spool/sms/sent\n"
                                           "[GSM1]\ndevice = /dev/null\nmodem_disabled = yes\n"
                                           "incoming = no\n";
        return RunningProgram{{"/usr/sbin/smsd", "-t", "-usmsd", "-gsmsd"}, 0, 0, UniqueFd{}};
    }
};

struct Gammu {
    ChannelWorkshop workshop{{"sms-spool"}};
    wire::ChannelSetup setup = workshop.setup("sms-spool", Profile::Program);

    Gammu() {
        install_debian_peer("gammu-smsd");
        fs::create_directory("/var/spool/gammu/phone");
        must_run({"chown", "gammu:gammu", "/var/spool/gammu/phone"});
        std::ofstream{"/etc/gammu-smsdrc"} << "[gammu]\nmodel = dummy\nconnection = none\n"
                                              "device = /var/spool/gammu/phone\n"
                                              "[smsd]\nservice = files\nlogfile = /dev/null\n"
                                              "commtimeout = 1\nloopsleep = 1\n"
                                              "inboxpath = /var/spool/gammu/inbox/\n"
                                              "outboxpath = /var/spool/gammu/outbox/\n"
                                              "sentsmspath = /var/spool/gammu/sent/\n"
                                              "errorsmspath = /var/spool/gammu/error/\n";
        workshop.give_group(gid_of("gammu"));
        setup.options = {{"format", "gammu"}};
    }
    // As root, which is how Debian's unit starts it.
    static RunningProgram smsd() {
        return RunningProgram{{"/usr/bin/gammu-smsd"}, 0, 0, UniqueFd{}};
    }
};

}  // namespace

TEST_CASE("a text message is put into smstools' spool once, whole and for its group",
          "[sms-spool]") {
    Smstools smstools;
    const auto reply = smstools.workshop.call(smstools.setup, text_to("+4930123456"));
    REQUIRE(reply);
    INFO(reply->for_log);
    REQUIRE(reply->outcome == ChannelOutcome::Queued);
    check_silent(*reply);
    const std::string file = kSpool + "/outgoing/latchkey-1f0c7f3e-0001";
    struct stat found {};
    REQUIRE(::stat(file.c_str(), &found) == 0);
    CHECK((found.st_mode & 07777) == 0660);
    CHECK(found.st_gid == gid_of("smsd"));
    CHECK(content_of(file) ==
          "To: 4930123456\nReport: no\nValidity: 10 min\n\n" + std::string{kText});

    // Tried again while it waits there.
    const auto again = smstools.workshop.call(smstools.setup, text_to("+4930123456"));
    REQUIRE(again);
    CHECK(again->outcome == ChannelOutcome::Queued);
    CHECK(files_in(kSpool + "/outgoing") == 1);
    // Nothing is left of what was being written.
    CHECK(std::none_of(fs::directory_iterator{kSpool}, fs::directory_iterator{},
                       [](const auto& entry) { return entry.is_regular_file(); }));
}

TEST_CASE("smsd takes a text message from its spool and sends it", "[sms-spool]") {
    Smstools smstools;
    RunningProgram smsd = smstools.smsd();
    const auto reply = smstools.workshop.call(smstools.setup, text_to("+4930123456"));
    REQUIRE(reply);
    REQUIRE(reply->outcome == ChannelOutcome::Queued);
    // It plays a sending of up to 14 s, and moves the file by writing it anew.
    const auto is_moved = [] {
        return contents_of(kSpool + "/sent").find(kText) != std::string::npos &&
               files_in(kSpool + "/checked") == 0;
    };
    CHECK(comes_true(is_moved, std::chrono::seconds{90}));
    INFO(content_of("/var/log/smstools/smsd.log"));
    const std::string sent = contents_of(kSpool + "/sent");
    CHECK(sent.find("To: 4930123456\n") == 0);
    CHECK(sent.find("\nSent: ") != std::string::npos);
    CHECK(sent.find(kText) != std::string::npos);
    CHECK(files_in(kSpool + "/outgoing") == 0);
    CHECK(files_in(kSpool + "/failed") == 0);
}

TEST_CASE("without its group, or its directory, a spool channel says what is wrong",
          "[sms-spool]") {
    Smstools smstools;
    smstools.workshop.give_group(std::nullopt);
    const auto closed = smstools.workshop.call(smstools.setup, text_to("+4930123456"));
    REQUIRE(closed);
    CHECK(closed->outcome == ChannelOutcome::Misconfigured);
    CHECK(closed->for_log == "a file in option directory: Permission denied");
    smstools.setup.options[1].second = "/var/spool/absent";
    const auto absent = smstools.workshop.call(smstools.setup, text_to("+4930123456"));
    REQUIRE(absent);
    CHECK(absent->outcome == ChannelOutcome::Misconfigured);
    CHECK(files_in(kSpool + "/outgoing") == 0);
}

TEST_CASE("what is no phone number, or no single line, adds nothing to the spool", "[sms-spool]") {
    Smstools smstools;
    for (const char* number :
         {"", "+", "4930123456", "+49", "+0930123456", "+49 30 123456", "+4930123456\nFlash: yes",
          "+49301234567890123", "ada@example.org"}) {
        CAPTURE(number);
        const auto reply = smstools.workshop.call(smstools.setup, text_to(number));
        REQUIRE(reply);
        CHECK(reply->outcome == ChannelOutcome::Permanent);
    }
    for (const char* id : {"", "../../etc/x", "a.b", "a/b", "a\nb"}) {
        CAPTURE(id);
        auto call = text_to("+4930123456");
        call.message_id = id;
        const auto reply = smstools.workshop.call(smstools.setup, call);
        REQUIRE(reply);
        CHECK(reply->outcome == ChannelOutcome::Permanent);
    }
    auto call = text_to("+4930123456");
    call.short_text = Secret{"one\nTo: 4711"};
    const auto lines = smstools.workshop.call(smstools.setup, call);
    REQUIRE(lines);
    CHECK(lines->outcome == ChannelOutcome::Permanent);
    CHECK(files_in(kSpool + "/outgoing") == 0);
}

TEST_CASE("a text message goes through gammu-smsd-inject and is sent by gammu-smsd",
          "[sms-spool]") {
    Gammu gammu;
    const auto reply = gammu.workshop.call(gammu.setup, text_to("+4930123456"));
    REQUIRE(reply);
    INFO(reply->for_log);
    REQUIRE(reply->outcome == ChannelOutcome::Queued);
    check_silent(*reply);
    REQUIRE(files_in("/var/spool/gammu/outbox") == 1);
    const RunningProgram smsd = Gammu::smsd();
    const auto is_moved = [] {
        return contents_of("/var/spool/gammu/sent").find(kText) != std::string::npos &&
               files_in("/var/spool/gammu/outbox") == 0;
    };
    CHECK(comes_true(is_moved, std::chrono::seconds{90}));
    const std::string sent = contents_of("/var/spool/gammu/sent");
    INFO(sent);
    CHECK(sent.find("+4930123456") != std::string::npos);
    CHECK(sent.find(kText) != std::string::npos);
    CHECK(files_in("/var/spool/gammu/error") == 0);
    CHECK(gammu.workshop.host().ended_within(std::chrono::seconds{15}));
}

TEST_CASE("gammu is told for how long a text message is worth sending", "[sms-spool]") {
    Gammu gammu;
    const std::string told = "/var/spool/gammu/told";
    const std::string recorder = "/usr/local/bin/recorded-inject";
    std::ofstream{recorder} << "#!/bin/sh\necho \"$*\" >>" << told
                            << "\nexec /usr/bin/gammu-smsd-inject \"$@\"\n";
    must_run({"chmod", "755", recorder});
    must_run({"install", "-m", "666", "/dev/null", told});
    gammu.setup.options.emplace_back("inject", recorder);
    const auto now = static_cast<std::uint64_t>(::time(nullptr));
    std::string expected;
    for (const auto& [minutes, step] :
         std::vector<std::pair<std::uint64_t, std::string>>{{10, "HOUR"},
                                                            {61, "6HOURS"},
                                                            {24 * 60 - 1, "DAY"},
                                                            {72 * 60, "3DAYS"},
                                                            {73 * 60, "WEEK"},
                                                            {1'000'000, "WEEK"}}) {
        CAPTURE(minutes);
        auto call = text_to("+4930123456");
        call.expires_at = now + minutes * 60;
        const auto reply = gammu.workshop.call(gammu.setup, call);
        REQUIRE(reply);
        INFO(reply->for_log);
        CHECK(reply->outcome == ChannelOutcome::Queued);
        expected += "-c /etc/gammu-smsdrc TEXT +4930123456 -validity " + step + '\n';
    }
    CHECK(content_of(told) == expected);
}

TEST_CASE("gammu-smsd-inject without a configuration or an outbox delivers nothing",
          "[sms-spool]") {
    Gammu gammu;
    gammu.setup.options.emplace_back("config", "/etc/absent-smsdrc");
    const auto absent = gammu.workshop.call(gammu.setup, text_to("+4930123456"));
    REQUIRE(absent);
    CHECK(absent->outcome == ChannelOutcome::Temporary);
    gammu.setup.options.pop_back();
    gammu.workshop.give_group(std::nullopt);
    const auto closed = gammu.workshop.call(gammu.setup, text_to("+4930123456"));
    REQUIRE(closed);
    CHECK(closed->outcome == ChannelOutcome::Temporary);
    check_silent(*closed);
}
