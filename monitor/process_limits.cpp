// SPDX-License-Identifier: MIT
//
// A set-uid program such as su hands its caller's limits, signals and directory
// on to us: `ulimit -f 0` would end the monitor in the middle of an act.
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>

#include "monitor/process.hpp"

namespace latchkey {

namespace {

constexpr rlim_t kMebibyte = 1048576;

struct Limit {
    __rlimit_resource_t resource;
    const char* name;
    rlim_t wanted;
    rlim_t least;  // below it an act could be cut short
};

constexpr std::array kLimits{
    Limit{RLIMIT_CORE, "core", 0, 0},
    Limit{RLIMIT_FSIZE, "fsize", RLIM_INFINITY, 1024 * kMebibyte},
    Limit{RLIMIT_CPU, "cpu", RLIM_INFINITY, 600},
    Limit{RLIMIT_AS, "as", RLIM_INFINITY, 1024 * kMebibyte},
    Limit{RLIMIT_DATA, "data", RLIM_INFINITY, 512 * kMebibyte},
    Limit{RLIMIT_STACK, "stack", 8 * kMebibyte, 2 * kMebibyte},
    Limit{RLIMIT_NOFILE, "nofile", 1024, 256},
    Limit{RLIMIT_NPROC, "nproc", 4096, 256},
};

// Raising a hard limit needs CAP_SYS_RESOURCE, which root lacks in many
// containers: then the hard limit there is has to be enough.
Result<void> fix(const Limit& limit) {
    const rlimit wanted{limit.wanted, limit.wanted};
    if (::setrlimit(limit.resource, &wanted) != 0) {
        rlimit found{};
        if (::getrlimit(limit.resource, &found) == 0) {
            found.rlim_cur = found.rlim_max;
            // The outcome is judged by reading it back, below.
            (void)::setrlimit(limit.resource, &found);
        }
    }
    rlimit now{};
    if (::getrlimit(limit.resource, &now) != 0 || now.rlim_cur < limit.least ||
        now.rlim_cur > limit.wanted)
        return Error{ErrorKind::Misconfigured,
                     std::string{"resource limit "} + limit.name + " cannot be set"};
    return {};
}

void reset_signals() {
    for (int number = 1; number <= SIGRTMAX; ++number) {
        struct sigaction action {};
        action.sa_handler = number == SIGPIPE || number == SIGXFSZ ? SIG_IGN : SIG_DFL;
        // SIGKILL, SIGSTOP and the two that libc keeps for itself refuse.
        (void)::sigaction(number, &action, nullptr);
    }
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

Error failed(const char* what) {
    return {ErrorKind::Misconfigured, std::string{what} + ": " + strerrordesc_np(errno)};
}

}  // namespace

Result<void> harden_this_process() {
    if (::prctl(PR_SET_DUMPABLE, 0) != 0) return failed("PR_SET_DUMPABLE");
    reset_signals();
    for (const Limit& limit : kLimits) {
        auto fixed = fix(limit);
        if (!fixed) return fixed;
    }
    ::umask(077);
    if (::chdir("/") != 0) return failed("chdir");
    // A group leader is refused a session of its own; it has its group at least.
    if (::getpgrp() != ::getpid() && ::setsid() < 0) return failed("setsid");
    // The caller's nice value; an unprivileged process may only keep it.
    (void)::setpriority(PRIO_PROCESS, 0, 0);
    return {};
}

}  // namespace latchkey
