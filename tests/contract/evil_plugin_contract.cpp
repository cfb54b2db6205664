// SPDX-License-Identifier: MIT
//
// A plugin that means harm: what cannot be denied it costs its own call and nothing
// else. What is denied: evil_deeds_contract.cpp.
#include <sched.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <iterator>

#include "adapters/system/seqpacket.hpp"
#include "tests/contract/evil_guest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/process_list.hpp"

using namespace latchkey;
using wire::ChannelOutcome;

namespace {

// More than twice what the tests themselves run as this user, and sixteen.
constexpr int kMostThreads = 150;

}  // namespace

TEST_CASE("a plugin that ends itself costs its own call", "[evil]") {
    EvilGuest evil;
    for (const char* deed : {"crash", "abort", "exit", "throw", "close_caller", "threads"}) {
        INFO(deed);
        const auto reply = evil.commit(deed, Profile::Network);
        REQUIRE_FALSE(reply);
        CHECK(reply.error().kind == ErrorKind::Unavailable);
        CHECK(evil.workshop.host().ended_within(std::chrono::seconds{2}));
    }
}

TEST_CASE("a plugin that hangs or spins is killed at its deadline by the kernel", "[evil]") {
    EvilGuest evil;
    const std::string deed = GENERATE("hang", "spin");
    auto setup = evil.setup(deed, Profile::Network);
    setup.deadline_seconds = 1;
    const auto before = std::chrono::steady_clock::now();
    const auto reply = evil.workshop.call(setup, delivery_to("ada@example.org"));
    REQUIRE_FALSE(reply);
    CHECK(reply.error().kind == ErrorKind::Unavailable);
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{3});
    // Nobody but the kernel's timer ended it.
    const auto ended = evil.workshop.host().ended_within(std::chrono::seconds{1});
    REQUIRE(ended);
    CHECK(*ended == 128 + SIGKILL);
}

TEST_CASE("with profile program everything that was started ends at the deadline", "[evil]") {
    EvilGuest evil;
    const std::string deed =
        GENERATE("hang", "spin", "fork_in_every_thread", "fork_away", "leave_children");
    CAPTURE(deed);
    auto setup = evil.setup(deed, Profile::Program);
    setup.deadline_seconds = 2;
    const auto before = std::chrono::steady_clock::now();
    const auto reply = evil.workshop.call(setup, delivery_to("ada@example.org"));
    const bool answers = deed == "leave_children";
    CHECK(reply.has_value() == answers);
    // It is there until then, or there would be nothing to end.
    if (answers) CHECK_FALSE(processes_with(evil.workshop.root()).empty());
    CHECK(evil.workshop.host().ended_within(std::chrono::seconds{7}));
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{7});
    CHECK(processes_with(evil.workshop.root()).empty());
    CHECK(evil.victim.running());
}

TEST_CASE("with profile program nothing outlives whoever started it and is gone", "[evil]") {
    EvilGuest evil;
    auto setup = evil.setup("leave_children", Profile::Program);
    setup.deadline_seconds = 60;
    // A monitor of its own, which is killed.
    Forked monitor{[&] {
        const auto reply = evil.workshop.call(setup, delivery_to("ada@example.org"));
        return reply && ::kill(::getpid(), SIGKILL) == 0 ? 1 : 2;
    }};
    CHECK(monitor.wait() != 2);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!processes_with(evil.workshop.root()).empty() && std::chrono::steady_clock::now() < end)
        ::sched_yield();
    CHECK(processes_with(evil.workshop.root()).empty());
}

TEST_CASE("a plugin has a few threads, also while another one holds all that it can have",
          "[evil]") {
    // Small stacks: their number is not what memory allows.
    EvilGuest greedy;
    auto socket = greedy.workshop.start_host(greedy.setup("wait_in_every_thread", Profile::Network),
                                             greedy.workshop.plugin_directory());
    REQUIRE(socket);
    Seqpacket caller{std::move(*socket)};
    REQUIRE(caller.send_message(delivery_to("ada@example.org")));
    EvilGuest evil;
    const auto count_of_evil = [&evil] {
        const auto reply = evil.commit("count_threads", Profile::Network);
        return reply ? std::stoi(reply->for_log) : 0;
    };
    // Until the greedy one holds all that it can have it may take what was measured as free.
    int tries = 0;
    while (count_of_evil() < 2 && ++tries < 1000) {
    }
    const auto threads_of = [](const RunningProgram& program) {
        const std::filesystem::directory_iterator tasks("/proc/" + std::to_string(program.pid()) +
                                                        "/task");
        return std::distance(begin(tasks), end(tasks));
    };
    for (int i = 0; i < 3; ++i) {
        const int count = count_of_evil();
        CHECK(count >= 2);
        CHECK(count <= kMostThreads);
        CHECK(threads_of(greedy.workshop.host()) <= kMostThreads);
    }
    CHECK(greedy.workshop.host().running());
}

TEST_CASE("a plugin that eats memory meets its limit, not the host's", "[evil]") {
    EvilGuest evil;
    CHECK_FALSE(evil.commit("eat_memory", Profile::None));
}

TEST_CASE("nonsense on the caller's socket is no reply", "[evil]") {
    EvilGuest evil;
    for (const char* deed : {"garbage", "oversized"}) {
        INFO(deed);
        const auto reply = evil.commit(deed, Profile::None);
        REQUIRE_FALSE(reply);
        CHECK(reply.error().kind == ErrorKind::Corrupt);
    }
}

TEST_CASE("an outcome that is none, or that does not fit, is a misconfiguration", "[evil]") {
    EvilGuest evil;
    for (const char* deed : {"unknown_outcome", "judge"}) {
        INFO(deed);
        const auto reply = evil.commit(deed, Profile::None);
        REQUIRE(reply);
        CHECK(reply->outcome == ChannelOutcome::Misconfigured);
    }
}

TEST_CASE("what a plugin logs is short, printable and keeps confidences", "[evil]") {
    EvilGuest evil;
    const auto huge = evil.commit("huge_log", Profile::None);
    REQUIRE(huge);
    CHECK(huge->for_log.size() <= 512);
    const auto control = evil.commit("control_characters", Profile::None);
    REQUIRE(control);
    CHECK(control->for_log == "\\x1b[2J\\x0d\\x0afake log line\\x07");

    auto setup = evil.setup("leak", Profile::None);
    setup.secret = Secret{"correct horse"};
    const auto leak = evil.workshop.call(setup, delivery_to("ada@example.org"));
    REQUIRE(leak);
    CHECK(leak->for_log.find("Your recovery code is [...] [...]") == 0);
    for (const char* confidence : {"4711", "0815", "ada@example.org", "correct horse"})
        CHECK(leak->for_log.find(confidence) == std::string::npos);
}
