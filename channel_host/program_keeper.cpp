// SPDX-License-Identifier: MIT
#include "channel_host/program_keeper.hpp"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

namespace latchkey {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Longer is only needed by what forks faster than it can be killed.
constexpr std::chrono::seconds kLongestSweep{3};

Error failed(const char* what) {
    return {ErrorKind::Misconfigured, std::string{what} + ": " + strerrordesc_np(errno)};
}

// What the children of the dead are handed on to is us, so that in the end every
// descendant is a child. Needs CONFIG_PROC_CHILDREN, which distributions have.
std::string list_of_children() {
    const std::string self = std::to_string(::getpid());
    return "/proc/" + self + "/task/" + self + "/children";
}

std::vector<pid_t> children_in(const std::string& list) {
    std::vector<pid_t> children;
    std::ifstream file{list};
    for (pid_t child = 0; file >> child;) children.push_back(child);
    return children;
}

class Keeper {
public:
    Keeper(pid_t kept, steady_clock::time_point deadline) : kept_(kept), deadline_(deadline) {}

    [[noreturn]] void keep(const sigset_t& awaited) {
        while (reap() && steady_clock::now() < deadline_) {
            const auto left = std::max(
                std::chrono::ceil<milliseconds>(deadline_ - steady_clock::now()), milliseconds{1});
            const timespec patience{left.count() / 1000, left.count() % 1000 * 1'000'000};
            // SIGTERM: the monitor is gone.
            if (::sigtimedwait(&awaited, nullptr, &patience) == SIGTERM) break;
        }
        sweep();
        ::_exit(status_);
    }

private:
    // False if nothing is left.
    bool reap() {
        int status = 0;
        pid_t ended = 0;
        while ((ended = ::waitpid(-1, &status, WNOHANG)) > 0)
            if (ended == kept_ && WIFEXITED(status)) status_ = WEXITSTATUS(status);
        return ended == 0;
    }

    void sweep() {
        const auto end = steady_clock::now() + kLongestSweep;
        (void)::kill(-kept_, SIGKILL);
        while (reap() && steady_clock::now() < end) {
            const auto children = children_in(list_of_children());
            const auto ours = std::count_if(children.begin(), children.end(), [](pid_t child) {
                return ::kill(child, SIGKILL) == 0 || errno == ESRCH;
            });
            if (ours == 0 && !children.empty()) return;  // other users' now
            ::sched_yield();
        }
    }

    pid_t kept_;
    steady_clock::time_point deadline_;
    int status_ = 1;
};

}  // namespace

Result<void> split_off_keeper(std::chrono::seconds allowed) {
    const auto deadline = steady_clock::now() + allowed;
    if (::access(list_of_children().c_str(), R_OK) != 0) return failed("list of children");
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) return failed("PR_SET_CHILD_SUBREAPER");
    sigset_t awaited;
    sigset_t before;
    ::sigemptyset(&awaited);
    ::sigaddset(&awaited, SIGCHLD);
    ::sigaddset(&awaited, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &awaited, &before);  // before the first child: none is missed
    const pid_t keeper = ::getpid();
    const pid_t kept = ::fork();
    if (kept < 0) return failed("fork");
    if (kept > 0) {
        // The caller must see the end of the kept process, not ours.
        (void)::close_range(3, ~0U, 0);
        // Not SIGKILL: what was started must not outlive a monitor that was killed.
        if (::prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) != 0) (void)::raise(SIGTERM);
        Keeper{kept, deadline}.keep(awaited);
    }
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    if (::setsid() < 0) return failed("setsid");
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return failed("PR_SET_PDEATHSIG");
    if (::getppid() != keeper) ::_exit(1);
    if (::setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1) != 0 ||
        ::setenv("LC_ALL", "C", 1) != 0)
        return failed("setenv");
    return {};
}

}  // namespace latchkey
