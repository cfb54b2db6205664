// SPDX-License-Identifier: MIT
//
// A plugin that does what its option `deed` names (evil_deeds.hpp), and tells whether
// it managed: "done" or "denied: ERRNO"; or that misbehaves in a way that cannot be
// refused, only survived.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/evil_deeds.hpp"

namespace {

using latchkey::evil::Host;
using latchkey::evil::text_of;

constexpr int kCaller = 3;

// Written before main would run: the sandbox must be closed by then.
const bool shadow_opened_by_constructor = latchkey::evil::opens("/etc/shadow", O_RDONLY);
const bool forked_by_constructor = [] {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    return child > 0;
}();

[[noreturn]] void hang() {
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_BLOCK, &all, nullptr);
    while (true) ::poll(nullptr, 0, -1);
}

[[noreturn]] void spin() {
    volatile std::uint64_t count = 0;
    while (true) count = count + 1;
}

void eat_memory() {
    std::vector<std::unique_ptr<char[]>> eaten;
    while (true) {
        eaten.push_back(std::make_unique<char[]>(1U << 20));
        eaten.back()[0] = 1;
    }
}

void start_threads(const Host& host) {
    std::vector<std::thread> threads;
    try {
        while (true) threads.emplace_back([] { ::poll(nullptr, 0, -1); });
    } catch (const std::system_error&) {
        host.log("stopped at a limit");
    }
    ::_exit(0);
}

// Up to a number that no honest plugin needs.
void count_threads(latchkey_result_v1& result) {
    constexpr std::size_t kEnough = 500;
    std::atomic<bool> over{false};
    std::vector<std::thread> threads;
    try {
        while (threads.size() < kEnough)
            threads.emplace_back([&over] {
                while (!over) ::poll(nullptr, 0, 1);
            });
    } catch (const std::system_error&) {
        result.outcome = LATCHKEY_ACCEPTED;  // as it should be
    }
    over = true;
    for (std::thread& thread : threads) thread.join();
    const std::string count = std::to_string(threads.size());
    strncpy(result.for_log, count.c_str(), sizeof result.for_log - 1);
}

// As many threads as there is memory for, each doing `work` for ever.
[[noreturn]] void in_every_thread(void* (*work)(void*)) {
    pthread_attr_t small;
    ::pthread_attr_init(&small);
    ::pthread_attr_setstacksize(&small, static_cast<std::size_t>(PTHREAD_STACK_MIN));
    pthread_t thread{};
    while (::pthread_create(&thread, &small, work, nullptr) == 0) {
    }
    work(nullptr);
    ::_exit(0);
}

void* wait_on_and_on(void*) {
    hang();
}

void* fork_on_and_on(void*) {
    while (true)
        if (::fork() == 0) ::pause();
}

void* spin_on_and_on(void*) {
    spin();
}

// A chain of which each link is gone before it can be found.
[[noreturn]] void fork_away() {
    while (true)
        if (::fork() != 0) ::_exit(0);
}

// In a session, in the background, and one that a parent waits for.
void leave_children() {
    if (::fork() == 0) {
        (void)::setsid();
        (void)::fork();
        hang();
    }
}

// Leaves something behind, and the keeper out of the way. Only a kept plugin has a parent
// of its own user.
void leave_children_and(int signal) {
    leave_children();
    (void)::kill(::getppid(), signal);
}

// A chain, as above, that nobody keeps any more.
void fork_away_unkept() {
    if (::fork() == 0) {
        (void)::setsid();
        fork_away();
    }
    (void)::kill(::getppid(), SIGKILL);
}

// More than the caller's socket holds; then into the void.
[[noreturn]] void flood() {
    const std::string packet(4096, 'x');
    while (true) (void)!::write(kCaller, packet.data(), packet.size());
}

// Bothers the machine until it is killed.
void bother(const std::string& deed) {
    if (deed == "hang") hang();
    if (deed == "spin") spin();
    if (deed == "spin_in_every_thread") in_every_thread(&spin_on_and_on);
    if (deed == "fork_in_every_thread") in_every_thread(&fork_on_and_on);
    if (deed == "wait_in_every_thread") in_every_thread(&wait_on_and_on);
    if (deed == "fork_away") fork_away();
    if (deed == "leave_children") leave_children();
    if (deed == "kill_keeper") leave_children_and(SIGKILL);
    if (deed == "stop_keeper") leave_children_and(SIGSTOP);
    if (deed == "fork_away_unkept") fork_away_unkept();
    if (deed == "flood") flood();
}

// What cannot be refused, only survived.
void misbehave(const std::string& deed, const Host& host, latchkey_result_v1& result) {
    bother(deed);
    if (deed == "eat_memory") eat_memory();
    if (deed == "threads") start_threads(host);
    if (deed == "count_threads") count_threads(result);
    if (deed == "crash") ::raise(SIGSEGV);
    if (deed == "abort") std::abort();
    if (deed == "exit") std::exit(0);
    if (deed == "throw") throw std::runtime_error{"thrown across the border"};
    if (deed == "close_caller") ::close(kCaller);
    if (deed == "garbage") (void)!::write(kCaller, "garbage", 7);
    if (deed == "oversized") {
        const std::string packet(60000, 'x');
        (void)!::write(kCaller, packet.data(), packet.size());
    }
    if (deed == "unknown_outcome") result.outcome = 4711;
    if (deed == "judge") result.outcome = LATCHKEY_WRONG;
    if (deed == "huge_log") {
        for (int i = 0; i < 1000; ++i) host.log(std::string(1024, 'l'));
        memset(result.for_log, 'f', sizeof result.for_log);  // no NUL
        result.outcome = LATCHKEY_ACCEPTED;
    }
    if (deed == "control_characters") {
        strcpy(result.for_log, "\x1b[2J\r\nfake log line\x07");
        result.outcome = LATCHKEY_TEMPORARY;
    }
}

// Whether the deed was managed, errno saying why not; nothing if it is no attempt.
std::optional<bool> attempt(const std::string& deed, const Host& host) {
    if (const auto managed = latchkey::evil::attempt(deed, host)) return managed;
    if (deed != "constructor") return std::nullopt;
    errno = 0;
    return shadow_opened_by_constructor || forked_by_constructor;
}

void tell(bool managed, latchkey_result_v1& result) {
    const std::string answer =
        managed ? "done" : std::string{"denied: "} + (errno == 0 ? "0" : strerrorname_np(errno));
    strncpy(result.for_log, answer.c_str(), sizeof result.for_log - 1);
}

void deliver(const latchkey_host_v1* raw_host, const latchkey_message_v1* message,
             latchkey_result_v1* result) {
    const Host host{*raw_host};
    const std::string deed = text_of(host, "deed");
    // Evil to one person alone: everybody else's messages are left to the next channel.
    const std::string only_to = text_of(host, "only_to");
    result->outcome = LATCHKEY_MISCONFIGURED;
    if (!only_to.empty() && only_to != latchkey::plugin::border::view(message->to)) return;
    result->outcome = LATCHKEY_ACCEPTED;
    if (deed == "leak") {
        const std::string text{message->text.data, message->text.length};
        const std::string to{message->to.data, message->to.length};
        host.log(text + " to " + to + " by " + std::string{host.secret()});
        strncpy(result->for_log, text.c_str(), sizeof result->for_log - 1);
        return;
    }
    const std::optional<bool> managed = attempt(deed, host);
    if (!managed) return misbehave(deed, host, *result);
    tell(*managed, *result);
}

// A deed that is managed opens the gate, and so does the deed "accept". Of one that is
// not the log is told: it tells why a plugin could not check.
void verify(const latchkey_host_v1* raw_host, const latchkey_question_v1* question,
            latchkey_result_v1* result) {
    const Host host{*raw_host};
    const std::string deed = text_of(host, "deed");
    const std::optional<bool> managed = attempt(deed, host);
    const bool accept = deed == "accept" || managed.value_or(false);
    result->outcome = accept ? LATCHKEY_ACCEPTED : LATCHKEY_WRONG;
    result->matched_step = accept ? question->now / 30 : 0;
    if (!managed) return misbehave(deed, host, *result);
    tell(*managed, *result);
    if (!*managed) result->outcome = LATCHKEY_TEMPORARY;
}

// Built twice, once as each kind.
#ifndef EVIL_PLUGIN_KIND
#define EVIL_PLUGIN_KIND LATCHKEY_DELIVERY
#endif
constexpr latchkey_plugin_table_v1 table{sizeof(latchkey_plugin_table_v1),
                                         LATCHKEY_ABI,
                                         EVIL_PLUGIN_KIND,
                                         0,
                                         "1.0",
                                         &deliver,
                                         &verify,
                                         nullptr};

}  // namespace

LATCHKEY_EXPORT = &table;
