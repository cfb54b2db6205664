// SPDX-License-Identifier: MIT
#include "monitor/home_look.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <poll.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "adapters/system/seqpacket.hpp"
#include "adapters/system/unique_fd.hpp"

namespace latchkey {

namespace {

int opened_home(const char* home) {
    open_how how{};
    how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_NO_SYMLINKS;
    return static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, home, &how, sizeof how));
}

// Sees files as the account does, and stays root's in everything else: what runs as the
// account cannot signal, stop or trace it. False: root's rights on files were kept.
bool take_file_rights_of(const Account& account) {
    if (::setgroups(0, nullptr) != 0) return false;
    ::setfsgid(account.gid);
    ::setfsuid(account.uid);
    return ::setfsgid(static_cast<gid_t>(-1)) == static_cast<int>(account.gid) &&
           ::setfsuid(static_cast<uid_t>(-1)) == static_cast<int>(account.uid);
}

// System calls alone: the child is a copy of a process that may have had threads.
[[noreturn]] void be_the_child(const Account& account, HomeLook look, std::time_t since, int answer,
                               pid_t parent) {
    // A disk that does not answer must not hold on to the monitor's sockets and locks.
    if (::dup2(answer, 3) < 0 || ::close_range(4, ~0U, 0) != 0) ::_exit(1);
    if (!take_file_rights_of(account)) ::_exit(1);
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) ::_exit(1);
    const int home = opened_home(account.home.c_str());
    const std::uint8_t seen = home < 0 ? 0 : look(home, since);
    (void)!::write(3, &seen, sizeof seen);
    ::_exit(0);
}

std::uint8_t answer_of(pid_t child, int from, std::chrono::milliseconds patience) {
    pollfd answered{from, POLLIN, 0};
    std::uint8_t seen = 0;
    const auto until = std::chrono::steady_clock::now() + patience;
    if (::poll(&answered, 1, poll_timeout(until)) > 0) {
        if (::read(from, &seen, sizeof seen) != sizeof seen) seen = 0;
        (void)::waitpid(child, nullptr, 0);
        return seen;
    }
    ::kill(child, SIGKILL);
    // One that hangs in the kernel is left to whoever reaps what this process leaves.
    (void)::waitpid(child, nullptr, WNOHANG);
    return 0;
}

}  // namespace

std::uint8_t look_at_home(const Account& account, HomeLook look, std::time_t since,
                          std::chrono::milliseconds& patience) {
    if (account.uid == 0 || !account.home.starts_with('/')) return 0;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return 0;
    const UniqueFd from{ends[0]};
    UniqueFd to{ends[1]};
    const auto begun = std::chrono::steady_clock::now();
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) return 0;
    if (child == 0) be_the_child(account, look, since, to.get(), parent);
    to.reset();
    const std::uint8_t seen = answer_of(child, from.get(), patience);
    const auto took =
        std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
    patience -= std::min(took, patience);
    return seen;
}

}  // namespace latchkey
