// SPDX-License-Identifier: MIT
//
// Starts the unprivileged programs: own uid, one group more or none, empty environment,
// descriptor 3 and nothing else, fixed and checked limits, death with the monitor.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/system/seqpacket.hpp"
#include "adapters/system/unique_fd.hpp"
#include "core/result.hpp"

namespace latchkey {

// First thing each of our programs does: PR_SET_DUMPABLE 0, RLIMIT_CORE 0,
// umask 077, chdir "/", setsid if it is not a leader, SIGPIPE and SIGXFSZ
// ignored, other signals default and unblocked, fixed resource limits that are
// read back. Misconfigured: a limit of the caller could not be raised.
Result<void> harden_this_process();

struct Program {
    std::string path;                    // absolute, root-owned
    std::vector<std::string> arguments;  // without argv[0]
    std::string user;                    // "_latchkey" or "_latchkey-channel"; empty: stays root
    std::optional<gid_t> group{};        // its one supplementary group; none: it has none
};

class ChildProcess {
public:
    ChildProcess() = default;
    // Leaves nothing behind, least of all the end that leave_until() plans: where it was
    // before, it would be ended with that place.
    ChildProcess(ChildProcess&& other) noexcept { *this = std::move(other); }
    // The one that was here before goes with `other`.
    ChildProcess& operator=(ChildProcess&& other) noexcept {
        std::swap(pidfd_, other.pidfd_);
        std::swap(left_until_, other.left_until_);
        std::swap(user_, other.user_);
        return *this;
    }
    // Kills (SIGKILL) and reaps.
    ~ChildProcess();

    // From now on it is killed only if it has not ended by itself until then, and what it
    // has left to us is ended with it; who ends it stands still meanwhile. For one that has
    // others to end. Precondition: adopt_orphans(), and no other child of ours is of its user.
    void leave_until(std::chrono::steady_clock::time_point until) { left_until_ = until; }

    [[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }
    [[nodiscard]] bool running() const;
    void kill();

    // Waits for the end and reaps; the exit status, or 128 + the signal that
    // ended it. Unavailable: the deadline passed (it runs on), or it was reaped before.
    Result<int> wait(Deadline deadline);

private:
    friend Result<ChildProcess> start(const Program& program, UniqueFd descriptor3);
    UniqueFd pidfd_;
    Deadline left_until_;
    uid_t user_ = 0;
};

// The child's descriptor 3 is `descriptor3`, closed if that is empty; 0 to 2
// are /dev/null. Sequence: clone, dup2, close_range, setgroups, setresgid,
// setresuid, PR_SET_PDEATHSIG, getppid check, execve (the drop comes before exec,
// so that a 0711 program is not dumpable from its first instruction). Returns when
// the program runs. Misconfigured: no such user, or the program cannot be executed.
// Precondition: one thread.
Result<ChildProcess> start(const Program& program, UniqueFd descriptor3);

// Starts a program detached: own session, no child of ours, no descriptor 3,
// alive after us. For the delivery that outlives the conversation.
Result<void> start_detached(const Program& program);

}  // namespace latchkey
