// SPDX-License-Identifier: MIT
//
// The exec plugin with programs of all kinds, well meant and hostile.
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"
#include "tests/support/process_list.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace latchkey;
using std::chrono::seconds;
using std::chrono::steady_clock;
using wire::ChannelOutcome;

wire::ChannelCall full_delivery() {
    auto call = delivery_to("ada@example.org");
    call.text = Secret{"Your recovery code is 4711 0815.\n\"Quoted\" \\ and ünïcode\n"};
    call.short_text = Secret{"Code 47110815 for ada on example"};
    call.code = Secret{"47110815"};
    call.expires_at = 1'900'000'000;
    return call;
}

struct Scripting {
    ChannelWorkshop workshop{{"exec"}};
    wire::ChannelSetup setup = workshop.setup("exec", Profile::Program);
    std::string program = workshop.root() + "/message";
    // A sleeper that can be told from everybody else's.
    std::string sleep = workshop.root() + "/sleep 600";

    Scripting() { std::filesystem::copy_file("/bin/sleep", workshop.root() + "/sleep"); }
    // What the channel runs from now on.
    void write(const std::string& script, mode_t mode = 0755) {
        std::ofstream{program} << "#!/bin/sh\n" << script << '\n';
        if (::chmod(program.c_str(), mode) != 0) throw std::runtime_error{"chmod"};
        setup.options = {{"program", program}};
    }
    Result<wire::ChannelReply> call() { return workshop.call(setup, full_delivery()); }
    wire::ChannelReply send() {
        auto reply = call();
        if (!reply) throw std::runtime_error{reply.error().detail};
        return std::move(*reply);
    }
    [[nodiscard]] std::string told(const std::string& name) const {
        return content_of(workshop.messages_directory() + "/" + name);
    }
    // The host with its keeper is gone, and so is all that had the workshop's name.
    bool comes_to_rest(seconds patience) {
        return workshop.host().ended_within(patience) && processes_with(workshop.root()).empty();
    }
};

void check_silent(const wire::ChannelReply& reply) {
    for (const char* confidence : {"4711", "0815", "ada@example.org"})
        CHECK(reply.for_log.find(confidence) == std::string::npos);
}

}  // namespace

TEST_CASE("a program reads the whole message as JSON and nothing of it elsewhere", "[exec]") {
    Scripting scripting;
    scripting.write("cd " + scripting.workshop.messages_directory() +
                    "\ncat >stdin; env >environment; echo \"$#\" >arguments; umask >mask; "
                    "pwd >/dev/null; ls -l /proc/self/fd >descriptors");
    const auto reply = scripting.send();
    INFO(reply.for_log);
    REQUIRE(reply.outcome == ChannelOutcome::Queued);
    check_silent(reply);
    const auto message = nlohmann::json::parse(scripting.told("stdin"));
    const auto call = full_delivery();
    CHECK(message == nlohmann::json{{"to", call.to},
                                    {"subject", call.subject},
                                    {"text", call.text.reveal()},
                                    {"short_text", call.short_text.reveal()},
                                    {"code", call.code.reveal()},
                                    {"message_id", call.message_id},
                                    {"expires_at", call.expires_at}});
    CHECK(scripting.told("arguments") == "0\n");
    CHECK(scripting.told("mask") == "0077\n");
    const std::string environment = scripting.told("environment");
    CHECK(environment.find("PATH=/usr/sbin:/usr/bin:/sbin:/bin\n") != std::string::npos);
    CHECK(environment.find("LC_ALL=C\n") != std::string::npos);
    // PWD, OLDPWD and _ are the shell's own.
    CHECK(std::count(environment.begin(), environment.end(), '\n') <= 5);
    CHECK(scripting.told("descriptors").find("socket:") == std::string::npos);
    CHECK(scripting.comes_to_rest(seconds{5}));
}

TEST_CASE("a program's exit status says what became of the message", "[exec]") {
    Scripting scripting;
    struct Row {
        std::string script;
        ChannelOutcome outcome;
    };
    const auto row = GENERATE(values<Row>({{"exit 0", ChannelOutcome::Queued},
                                           {"exit 75", ChannelOutcome::Temporary},
                                           {"exit 69", ChannelOutcome::NotTaken},
                                           {"exit 67", ChannelOutcome::Permanent},
                                           {"exit 68", ChannelOutcome::Permanent},
                                           {"exit 65", ChannelOutcome::Permanent},
                                           {"exit 78", ChannelOutcome::Misconfigured},
                                           {"exit 64", ChannelOutcome::Misconfigured},
                                           {"exit 77", ChannelOutcome::Misconfigured},
                                           {"exit 1", ChannelOutcome::Temporary},
                                           {"no-such-command", ChannelOutcome::Temporary},
                                           {"kill -9 $$", ChannelOutcome::Temporary},
                                           {"exec <&-; exit 0", ChannelOutcome::Queued}}));
    CAPTURE(row.script);
    scripting.write(row.script);
    const auto reply = scripting.send();
    CAPTURE(reply.for_log);
    CHECK(reply.outcome == row.outcome);
    check_silent(reply);
}

TEST_CASE("nothing that a program prints is heard of again", "[exec]") {
    Scripting scripting;
    scripting.write(
        "m=$(cat); echo \"$m\"; echo \"$m\" >&2; echo 4 7 1 1 0 8 1 5 >&2\n"
        "dd if=/dev/zero bs=65536 count=2048 2>&1; exit 75");
    const auto reply = scripting.send();
    CHECK(reply.outcome == ChannelOutcome::Temporary);
    CHECK(reply.for_log == "the program ended with exit status 75");
}

TEST_CASE("a program that hangs ends at the deadline with all that it has started", "[exec]") {
    Scripting scripting;
    scripting.setup.deadline_seconds = 2;
    const std::string hang = GENERATE(
        "$S", "trap '' TERM INT HUP; while :; do :; done", "exec <&-; $S", "kill -STOP $$",
        // a tree of sessions and orphans
        "for i in 1 2 3; do setsid $S & done; (setsid $S &); setsid sh -c '$S & $S' & wait");
    CAPTURE(hang);
    scripting.write("S='" + scripting.sleep + "'; export S; " + hang);
    const auto before = steady_clock::now();
    const auto reply = scripting.call();
    if (reply) {
        CHECK(reply->outcome == ChannelOutcome::Temporary);
        CHECK(reply->for_log == "the program did not end in time");
    }
    CHECK(steady_clock::now() - before < seconds{4});
    CHECK(scripting.comes_to_rest(seconds{6}));
}

TEST_CASE("what a program leaves in the background ends at the deadline, and not before",
          "[exec]") {
    Scripting scripting;
    scripting.setup.deadline_seconds = 3;
    scripting.write("trap '' TERM; setsid " + scripting.sleep + " & exit 0");
    const auto reply = scripting.send();
    CHECK(reply.outcome == ChannelOutcome::Queued);
    // The script may be gone before what it has forked is what it will be.
    const std::string left = scripting.sleep.substr(0, scripting.sleep.find(' '));
    const auto soon = std::chrono::steady_clock::now() + seconds{2};
    while (processes_with(left).empty() && std::chrono::steady_clock::now() < soon) {
    }
    CHECK_FALSE(processes_with(left).empty());
    CHECK(scripting.comes_to_rest(seconds{8}));
}

TEST_CASE("a program that others could change is not run", "[exec]") {
    Scripting scripting;
    const std::string ran = scripting.workshop.messages_directory() + "/ran";
    const auto refused = [&](const std::string& path) {
        scripting.setup.options = {{"program", path}};
        const auto reply = scripting.send();
        CHECK(reply.outcome == ChannelOutcome::Misconfigured);
        CHECK_FALSE(std::filesystem::exists(ran));
        return reply.for_log;
    };
    scripting.write("touch " + ran, 0775);
    CHECK(refused(scripting.program) ==
          "option program can be changed by others than root, or a directory on the way can");
    scripting.write("touch " + ran, 0644);
    CHECK(refused(scripting.program) == "option program is no program");
    scripting.write("touch " + ran);
    CHECK(refused("message") == "option program is no absolute path");
    CHECK(refused("") == "option program is no absolute path");
    CHECK(refused(scripting.workshop.root()) == "option program is no program");
    CHECK(refused(scripting.program + ".absent") == "option program No such file or directory");
    // A directory of others on the way, also if the program behind it is trusted.
    const std::string theirs = scripting.workshop.messages_directory();
    std::filesystem::create_symlink(scripting.program, theirs + "/link");
    if (::geteuid() == 0) {
        CHECK(refused(theirs + "/link") ==
              "option program does not belong to root, or a directory on the way does not");
        CHECK(refused(theirs + "/../message") ==
              "option program does not belong to root, or a directory on the way does not");
    }
    std::filesystem::create_symlink("loop", scripting.workshop.root() + "/loop");
    CHECK(refused(scripting.workshop.root() + "/loop") == "option program leads nowhere");
    std::filesystem::create_symlink("message", scripting.workshop.root() + "/link");
    scripting.setup.options = {{"program", scripting.workshop.root() + "/./link"}};
    CHECK(scripting.send().outcome == ChannelOutcome::Queued);
    CHECK(std::filesystem::exists(ran));
}

TEST_CASE("the exec plugin runs nothing in another profile", "[exec]") {
    Scripting scripting;
    scripting.write("exit 0");
    scripting.setup.profile = GENERATE(Profile::None, Profile::Network);
    const auto reply = scripting.send();
    CHECK(reply.outcome == ChannelOutcome::Misconfigured);
}
