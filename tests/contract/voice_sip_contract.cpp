// SPDX-License-Identifier: MIT
//
// The voice-sip plugin with a telephone that answers and records, and with servers that
// refuse: baresip and sipp, on loopback.
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <future>
#include <set>
#include <sstream>

#include "plugin_test/peer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/channel_workshop.hpp"
#include "tests/support/command.hpp"
#include "tests/support/process_list.hpp"
#include "tests/support/sip_peers.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace latchkey;
using std::chrono::seconds;
using wire::ChannelOutcome;

constexpr const char* kCode = "47110815";
constexpr const char* kNumber = "+4930123456";
constexpr const char* kPassword = "wish-wash<&>%20";

wire::ChannelCall call_with(const std::string& code) {
    auto call = delivery_to(kNumber);
    call.short_text = Secret{"Code " + code + " for ada on example"};
    call.code = Secret{code};
    call.expires_at = 1'900'000'000;
    return call;
}

struct Calling {
    ChannelWorkshop workshop{{"voice-sip"}};
    wire::ChannelSetup setup = workshop.setup("voice-sip", Profile::Program);

    explicit Calling(std::uint16_t port) {
        setup.deadline_seconds = 60;
        setup.secret = Secret{std::string{kPassword} + '\n'};
        set("server", "127.0.0.1");
        set("port", std::to_string(port));
        set("transport", "udp");
        set("account", "alice");
    }
    void set(const std::string& option, const std::string& value) {
        std::erase_if(setup.options, [&](const auto& entry) { return entry.first == option; });
        setup.options.emplace_back(option, value);
    }
    wire::ChannelReply send(const wire::ChannelCall& call) {
        auto reply = workshop.call(setup, call);
        if (!reply) throw std::runtime_error{reply.error().detail};
        for (const char* confidence : {kCode, kNumber, "4930123456", kPassword})
            CHECK(reply->for_log.find(confidence) == std::string::npos);
        return std::move(*reply);
    }
    wire::ChannelReply send() { return send(call_with("12")); }
};

struct Place {
    double score = 0;
    double second = 0;
};
// Where the sentence was said in that call.
std::array<Place, 2> places(const std::string& recording, const std::string& voice,
                            const std::string& sentence) {
    std::istringstream lines{must_run({LATCHKEY_TEST_COMPARE_SPEECH, recording, voice}, sentence)};
    std::array<Place, 2> found;
    for (Place& place : found) lines >> place.score >> place.second;
    return found;
}

void check_nothing_confidential(const std::string& shown) {
    for (const char* confidence : {kCode, "4711", "4, 7", kNumber, "4930123456", kPassword})
        if (shown.find(confidence) != std::string::npos) FAIL(confidence << " in " << shown);
}

// Of a directory that is gone by now there is nothing to check.
void check_files_in(const std::string& directory) {
    std::error_code gone;
    for (std::filesystem::directory_iterator file{directory, gone}, end; !gone && file != end;
         file.increment(gone))
        check_nothing_confidential(content_of(file->path()));
}

// What others can see of a process.
struct Shown {
    std::string arguments;
    std::string environment;
};
std::string program_of(const Shown& shown) {
    return std::filesystem::path{shown.arguments.substr(0, shown.arguments.find('\0'))}.filename();
}
std::vector<Shown> shown_by_processes_of(uid_t user) {
    std::vector<Shown> found;
    for (const auto& process : std::filesystem::directory_iterator{"/proc"}) {
        struct stat status {};
        const std::string path = process.path();
        const std::string arguments = content_of(path + "/cmdline");
        // Of one that is gone, and of the kernel, it is empty.
        if (arguments.empty() || ::stat((path + "/stat").c_str(), &status) != 0) continue;
        if (status.st_uid == user) found.push_back({arguments, content_of(path + "/environ")});
    }
    return found;
}

std::set<std::string> programs_of(uid_t user) {
    std::set<std::string> found;
    for (const Shown& shown : shown_by_processes_of(user)) found.insert(program_of(shown));
    return found;
}

std::vector<std::string> traces() {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator{"/tmp"})
        if (entry.path().filename().string().starts_with("latchkey-sip-"))
            found.push_back(entry.path().string());
    return found;
}

}  // namespace

TEST_CASE("a call says the code digit by digit, twice", "[voice-sip]") {
    struct Row {
        std::string voice;
        std::string sentence;
        std::string another;
    };
    const auto row =
        GENERATE(values<Row>({{"en-gb", "Your recovery code is: 4, 7, 1, 1, 0, 8, 1, 5.",
                               "Your recovery code is: 4, 7, 1, 1, 0, 8, 5, 1."},
                              {"de", "4, 7, 1, 1, 0, 8, 1, 5.", "4, 7, 1, 1, 0, 8, 5, 1."}}));
    CAPTURE(row.voice);
    SipTelephone telephone{";answermode=auto"};
    Calling calling{telephone.port()};
    calling.set("voice", row.voice);
    const auto reply = calling.send(call_with(kCode));
    INFO(reply.for_log);
    REQUIRE(reply.outcome == ChannelOutcome::Accepted);
    (void)telephone.wait_for("terminated (duration", seconds{5});
    const auto [first, second] = places(telephone.recordings().back(), row.voice, row.sentence);
    CHECK(first.score >= 0.95);
    CHECK(second.score >= 0.95);
    CHECK(second.second - first.second > 4);
    // So alike is nothing else.
    CHECK(places(telephone.recordings().back(), row.voice, row.another)[0].score < 0.9);
    CHECK(traces().empty());
}

TEST_CASE("what a server answers says what becomes of the message", "[voice-sip]") {
    struct Row {
        std::string status;
        ChannelOutcome outcome;
    };
    const auto row =
        GENERATE(values<Row>({{"486 Busy Here", ChannelOutcome::Temporary},
                              {"600 Busy Everywhere", ChannelOutcome::Permanent},
                              {"603 Decline", ChannelOutcome::Permanent},
                              {"480 Temporarily Unavailable", ChannelOutcome::Temporary},
                              {"503 x: Call established: y", ChannelOutcome::Temporary},
                              {"404 Not Found", ChannelOutcome::Permanent},
                              {"484 Address Incomplete", ChannelOutcome::Permanent},
                              {"604 Does Not Exist", ChannelOutcome::Permanent},
                              {"403 Forbidden", ChannelOutcome::Misconfigured},
                              {"488 Not Acceptable", ChannelOutcome::Misconfigured}}));
    CAPTURE(row.status);
    ScriptedSipServer server{refuse(row.status)};
    Calling calling{server.port()};
    const auto reply = calling.send();
    CHECK(reply.for_log == "the server's answer was " + row.status.substr(0, 3));
    CHECK(reply.outcome == row.outcome);
    CHECK(server.was_followed(seconds{5}));
}

TEST_CASE("the password goes to a server that asks for it", "[voice-sip]") {
    struct Row {
        std::string expected;
        ChannelOutcome outcome;
        std::string log;
    };
    const auto row = GENERATE(values<Row>(
        {{"wish-wash&lt;&amp;&gt;%20", ChannelOutcome::Temporary, "the server's answer was 486"},
         {"another", ChannelOutcome::Misconfigured, "the server's answer was 401"}}));
    CAPTURE(row.expected);
    ScriptedSipServer server{demand_password(row.expected)};
    Calling calling{server.port()};
    const auto reply = calling.send();
    CHECK(reply.for_log == row.log);
    CHECK(reply.outcome == row.outcome);
    CHECK(server.was_followed(seconds{5}));
}

TEST_CASE("it is content with latchkey-plugin-test", "[voice-sip]") {
    const TemporaryDirectory directory;
    const std::string file = directory.write(
        "channel.toml",
        "[channel.call]\nplugin = \"voice-sip\"\nprofile = \"program\"\ndeadline = 60\n"
        "server = \"127.0.0.1\"\nport = " +
            std::to_string(free_port_pair()) +
            "\ntransport = \"tcp\"\naccount = \"alice\"\n[test]\naddress = \"" + kNumber + "\"\n");
    const auto said = run_command(
        {LATCHKEY_TEST_TESTER, LATCHKEY_TEST_BUILD_DIR "/channels/voice-sip.so", "--config", file});
    INFO(said.out << said.err);
    CHECK(said.status == 0);
    CHECK(said.out.find(" passed, 0 failed") != std::string::npos);
}

TEST_CASE("nobody answers, and the call is given up", "[voice-sip]") {
    ScriptedSipServer server{ring()};
    Calling calling{server.port()};
    calling.setup.deadline_seconds = 30;
    const auto reply = calling.send();
    CHECK(reply.for_log == "nobody answered the call");
    CHECK(reply.outcome == ChannelOutcome::Temporary);
    CHECK(server.was_followed(seconds{5}));  // it was told: CANCEL
}

TEST_CASE("a server that names another number has nobody called there", "[voice-sip]") {
    ScriptedSipServer server{redirect("sip:+4490987654@127.0.0.1")};
    Calling calling{server.port()};
    const auto reply = calling.send();
    CHECK(reply.for_log == "the server named another number to call, and latchkey calls none");
    CHECK(reply.outcome == ChannelOutcome::Permanent);
    // baresip begins a call there by itself, and takes it back at once.
    CHECK(server.was_followed(seconds{5}));
}

TEST_CASE("where there is no server nothing was taken, as far as anybody can tell", "[voice-sip]") {
    Calling calling{free_port_pair()};
    calling.setup.deadline_seconds = 30;
    calling.set("ca_file", make_certificates(calling.workshop.root(), "ours", "localhost").ca);
    struct Row {
        std::string transport;
        std::string server;
        std::string log;
        ChannelOutcome outcome;
    };
    const std::string none = "no connection to the server";
    // A datagram has left, and may have arrived.
    const auto row = GENERATE_COPY(
        values<Row>({{"udp", "127.0.0.1", "the server did not answer", ChannelOutcome::Temporary},
                     {"tcp", "127.0.0.1", none, ChannelOutcome::NotTaken},
                     {"tcp", "no-such-host.invalid", none, ChannelOutcome::NotTaken},
                     {"tls", "127.0.0.1", none, ChannelOutcome::NotTaken}}));
    CAPTURE(row.transport, row.server);
    calling.set("transport", row.transport);
    calling.set("server", row.server);
    const auto reply = calling.send();
    CHECK(reply.for_log == row.log);
    CHECK(reply.outcome == row.outcome);
}

TEST_CASE("a server that takes connections and says nothing has taken no call over tls",
          "[voice-sip]") {
    const plugin_test::Peer server{plugin_test::Peer::Manner::Silent};
    Calling calling{server.port()};
    calling.setup.deadline_seconds = 30;
    calling.set("ca_file", make_certificates(calling.workshop.root(), "ours", "localhost").ca);
    const auto [transport, outcome] = GENERATE(table<std::string, ChannelOutcome>(
        {{"tcp", ChannelOutcome::Temporary}, {"tls", ChannelOutcome::NotTaken}}));
    CAPTURE(transport);
    calling.set("transport", transport);
    CHECK(calling.send().outcome == outcome);
}

TEST_CASE("nothing is said before somebody answers", "[voice-sip]") {
    // It connects the sound while it rings, as many servers do.
    SipTelephone telephone{";answermode=early"};
    Calling calling{telephone.port()};
    auto reply = std::async(std::launch::async, [&] { return calling.send(); });
    (void)telephone.wait_for("incoming rtp for 'audio' established", seconds{10});
    // Longer than all that is said.
    CHECK(reply.wait_for(seconds{12}) == std::future_status::timeout);
    telephone.press('a');
    CHECK(reply.get().outcome == ChannelOutcome::Accepted);
    for (const Place& place :
         places(telephone.recordings().back(), "en-gb", "Your recovery code is: 1, 2."))
        CHECK(place.score >= 0.95);
}

TEST_CASE("the code and the password are nowhere to be read during a call", "[voice-sip]") {
    SipTelephone telephone{";answermode=auto"};
    Calling calling{telephone.port()};
    auto reply =
        std::async(std::launch::async, [&] { return calling.send(call_with(kCode)).outcome; });
    std::set<std::string> programs;
    // Often, because espeak-ng has said its part soon.
    while (reply.wait_for(std::chrono::milliseconds{1}) == std::future_status::timeout) {
        for (const Shown& shown : shown_by_processes_of(calling.workshop.channel_uid())) {
            programs.insert(program_of(shown));
            check_nothing_confidential(shown.arguments);
            check_nothing_confidential(shown.environment);
        }
        for (const std::string& directory : traces()) check_files_in(directory);
    }
    CHECK(reply.get() == ChannelOutcome::Accepted);
    // They were looked at.
    CHECK(programs.count("espeak-ng") == 1);
    CHECK(programs.count("baresip") == 1);
    CHECK(traces().empty());
}

TEST_CASE("what is killed at the deadline leaves no process and no file", "[voice-sip]") {
    SipTelephone telephone{";answermode=auto"};
    Calling calling{telephone.port()};
    calling.setup.deadline_seconds = 26;
    calling.set("voice", "de");  // is quick: no greeting
    auto reply = std::async(std::launch::async,
                            [&] { return calling.workshop.call(calling.setup, call_with("12")); });
    (void)telephone.wait_for("Call established", seconds{10});
    // The plugin is made to sleep through the end of its call; the kernel and the keeper do not.
    const auto ours = processes_with(calling.workshop.root());
    REQUIRE_FALSE(ours.empty());
    REQUIRE(programs_of(calling.workshop.channel_uid()).count("baresip") == 1);
    for (const pid_t process : ours) {
        if (process == calling.workshop.host().pid()) continue;
        // What has spoken its part may end between the look and this.
        REQUIRE((::kill(process, SIGSTOP) == 0 || errno == ESRCH));
    }
    CHECK_FALSE(reply.get());
    CHECK(calling.workshop.host().ended_within(seconds{10}));
    CHECK(processes_with(calling.workshop.root()).empty());
    // Other channels are tried beside this with the same user, but no other calls.
    const auto left = programs_of(calling.workshop.channel_uid());
    CHECK(left.count("baresip") == 0);
    CHECK(left.count("espeak-ng") == 0);
    CHECK(traces().empty());
}

TEST_CASE("over TLS the server proves who it is, and the sound is encrypted", "[voice-sip]") {
    const TemporaryDirectory directory;
    const auto ours = make_certificates(directory.path(), "ours", "localhost");
    const auto theirs = make_certificates(directory.path(), "theirs", "localhost");
    const std::string server =
        directory.write("server.pem", content_of(ours.key) + content_of(ours.certificate));
    SipTelephone telephone{";answermode=auto;mediaenc=srtp", server};
    Calling calling{static_cast<std::uint16_t>(telephone.port() + 1)};
    calling.set("transport", "tls");
    calling.set("ca_file", calling.workshop.root() + "/ca.pem");
    SECTION("its certificate was signed by who is trusted") {
        std::filesystem::copy_file(ours.ca, calling.workshop.root() + "/ca.pem");
        const auto reply = calling.send();
        CHECK(reply.for_log == "the call was answered, the code said to the end");
        CHECK(reply.outcome == ChannelOutcome::Accepted);
        CHECK(telephone.wait_for("terminated", seconds{5}).find("SRTP is Enabled") !=
              std::string::npos);
    }
    SECTION("by somebody else") {
        std::filesystem::copy_file(theirs.ca, calling.workshop.root() + "/ca.pem");
        const auto reply = calling.send();
        CHECK(reply.for_log == "no connection to the server");
        CHECK(reply.outcome == ChannelOutcome::NotTaken);
    }
    SECTION("nothing says who is trusted") {
        const auto reply = calling.send();
        CHECK(reply.for_log == "option ca_file names a file that cannot be read");
        CHECK(reply.outcome == ChannelOutcome::Misconfigured);
    }
}

TEST_CASE("whoever hangs up early may have heard the code", "[voice-sip]") {
    SipTelephone telephone{";answermode=auto"};
    Calling calling{telephone.port()};
    auto reply = std::async(std::launch::async, [&] { return calling.send(); });
    (void)telephone.wait_for("Call established", seconds{10});
    telephone.press('b');
    const auto ended = reply.get();
    CHECK(ended.outcome == ChannelOutcome::Queued);
    CHECK(ended.for_log == "the call was answered and ended early");
}
