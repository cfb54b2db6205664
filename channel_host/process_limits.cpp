// SPDX-License-Identifier: MIT
#include "channel_host/process_limits.hpp"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace latchkey {

namespace {

using Limit = std::pair<__rlimit_resource, rlim_t>;

// Threads are limited for themselves (limit_tasks). A delivery over TLS with a
// resolver thread was seen to work in 60 MB of address space.
constexpr std::array kLimits {
    Limit{RLIMIT_CPU, 10}, Limit{RLIMIT_FSIZE, 64U << 10}, Limit{RLIMIT_NOFILE, 64},
#if !defined(__SANITIZE_ADDRESS__)  // its shadow alone is 16 TB of address space
        Limit{RLIMIT_AS, 128U << 20},
#endif
};

// Mailers append to logs of any size; interpreters reserve what they never use.
constexpr std::array kLimitsOfPrograms {
    Limit{RLIMIT_CPU, 30}, Limit{RLIMIT_FSIZE, 1U << 30}, Limit{RLIMIT_NOFILE, 256},
#if !defined(__SANITIZE_ADDRESS__)
        Limit{RLIMIT_AS, 1U << 30},
#endif
};

constexpr rlim_t kFewTasks = 16;
constexpr rlim_t kManyTasks = 4096;

bool can_start_thread() {
    try {
        std::thread{[] {}}.join();
        return true;
    } catch (const std::system_error&) {
        return false;
    }
}

Error failed(const char* what) {
    return {ErrorKind::Misconfigured, std::string{what} + ": " + strerrordesc_np(errno)};
}

Result<void> lower(std::span<const Limit> limits) {
    for (const auto& [resource, wanted] : limits) {
        rlimit now{};
        if (::getrlimit(resource, &now) != 0) return failed("getrlimit");
        const rlim_t value = std::min(wanted, now.rlim_max);
        const rlimit lowered{value, value};
        if (::setrlimit(resource, &lowered) != 0) return failed("setrlimit");
    }
    return {};
}

void reset_signals() {
    for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
    // A write to a closed connection or beyond a limit is an error, not an end.
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace

Result<void> harden_channel_host() {
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return failed("PR_SET_DUMPABLE");
    if (::getuid() == 0 || ::geteuid() == 0)
        return Error{ErrorKind::Misconfigured, "the channel host never runs as root"};
    reset_signals();
    (void)::setsid();  // fails only for a leader, which is as good
    ::umask(077);
    if (::chdir("/") != 0) return failed("chdir");
    if (::clearenv() != 0) return failed("clearenv");
    if (::close_range(4, ~0U, 0) != 0) return failed("close_range");
    if (::fcntl(3, F_SETFD, FD_CLOEXEC) != 0) return failed("FD_CLOEXEC");
    ::mallopt(M_ARENA_MAX, 1);  // an arena per thread would reserve 64 MB each
    constexpr std::array kNoCore{Limit{RLIMIT_CORE, 0}};
    return lower(kNoCore);
}

Result<void> limit_resources(bool runs_programs) {
    return runs_programs ? lower(kLimitsOfPrograms) : lower(kLimits);
}

Result<void> limit_tasks(std::size_t of_one_plugin) {
    rlimit now{};
    if (::getrlimit(RLIMIT_NPROC, &now) != 0) return failed("RLIMIT_NPROC");
    rlim_t tasks = kFewTasks;
    for (bool found = false; !found && tasks < kManyTasks && tasks < now.rlim_max;) {
        const rlimit probed{tasks, now.rlim_max};
        if (::setrlimit(RLIMIT_NPROC, &probed) != 0) return failed("RLIMIT_NPROC");
        found = can_start_thread();
        if (!found) tasks *= 2;
    }
    const rlim_t value = std::min(tasks + of_one_plugin, now.rlim_max);
    const rlimit fixed{value, value};
    if (::setrlimit(RLIMIT_NPROC, &fixed) != 0) return failed("RLIMIT_NPROC");
    return {};
}

Result<void> arm_deadline(std::chrono::seconds deadline) {
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGKILL;
    timer_t timer{};
    itimerspec when{};
    when.it_value.tv_sec = deadline.count();
    if (::timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return failed("timer_create");
    if (::timer_settime(timer, 0, &when, nullptr) != 0) return failed("timer_settime");
    return {};
}

}  // namespace latchkey
