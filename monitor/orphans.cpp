// SPDX-License-Identifier: MIT
#include "monitor/orphans.hpp"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace latchkey {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kLongestSweep{3};

// Needs CONFIG_PROC_CHILDREN, which distributions have.
std::string list_of_children() {
    const std::string self = std::to_string(::getpid());
    return "/proc/" + self + "/task/" + self + "/children";
}

// As kill(2) asks: a set-id program is its caller's until it gives up that id as well.
bool is_of(pid_t process, uid_t user) {
    std::ifstream status{"/proc/" + std::to_string(process) + "/status"};
    std::string word;
    while (status >> word) {
        if (word != "Uid:") continue;
        uid_t real = 0;
        uid_t effective = 0;
        uid_t saved = 0;
        return (status >> real >> effective >> saved) && (real == user || saved == user);
    }
    return false;
}

// Our children's numbers mean them until we reap them.
std::vector<pid_t> children_of(uid_t user) {
    std::vector<pid_t> children;
    std::ifstream file{list_of_children()};
    for (pid_t child = 0; file >> child;)
        if (is_of(child, user)) children.push_back(child);
    return children;
}

bool has_ended(pid_t child) {
    siginfo_t state{};
    const int options = WEXITED | WNOHANG | WNOWAIT;
    return ::waitid(P_PID, static_cast<id_t>(child), &state, options) == 0 && state.si_pid != 0;
}

}  // namespace

Result<void> adopt_orphans() {
    if (::access(list_of_children().c_str(), R_OK) == 0 &&
        ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
        return {};
    return Error{ErrorKind::Misconfigured,
                 std::string{"cannot adopt what a channel starts: "} + strerrordesc_np(errno)};
}

void end_children_of(uid_t user) {
    const auto end = steady_clock::now() + kLongestSweep;
    // None is reaped before all have ended: the dead count against the limit of tasks,
    // so that whatever forks and ends faster than it can be killed soon forks no more.
    std::optional<std::size_t> dead_before;
    while (steady_clock::now() < end) {
        const auto children = children_of(user);
        for (const pid_t child : children) (void)::kill(child, SIGKILL);
        const bool all_dead = std::all_of(children.begin(), children.end(), &has_ended);
        // Twice the same: the last to end has handed nothing on.
        if (all_dead && dead_before == children.size()) break;
        dead_before = all_dead ? std::optional{children.size()} : std::nullopt;
        ::sched_yield();
    }
    for (const pid_t child : children_of(user)) (void)::waitpid(child, nullptr, WNOHANG);
}

}  // namespace latchkey
