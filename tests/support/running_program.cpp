// SPDX-License-Identifier: MIT
#include "tests/support/running_program.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace latchkey {

namespace {

[[noreturn]] void become(std::vector<char*>& argv, uid_t uid, gid_t gid, int descriptor3,
                         std::optional<gid_t> one_more_group) {
    constexpr int kAbove = 16;  // out of the way of 0 to 3
    const int null = ::fcntl(::open("/dev/null", O_RDWR | O_CLOEXEC), F_DUPFD, kAbove);
    const int given = descriptor3 < 0 ? -1 : ::fcntl(descriptor3, F_DUPFD, kAbove);
    for (int fd = 0; fd <= 2; ++fd) ::dup2(null, fd);
    if (given < 0)
        ::close(3);
    else
        ::dup2(given, 3);
    ::closefrom(4);
    const gid_t group = one_more_group.value_or(0);
    if (::geteuid() == 0 && (::setgroups(one_more_group ? 1 : 0, &group) != 0 ||
                             ::setresgid(gid, gid, gid) != 0 || ::setresuid(uid, uid, uid) != 0))
        ::_exit(126);
    std::array<char*, 1> environment{nullptr};
    ::execve(argv.front(), argv.data(), environment.data());
    ::_exit(127);
}

}  // namespace

RunningProgram::RunningProgram(std::vector<std::string> argv, uid_t uid, gid_t gid,
                               UniqueFd descriptor3, std::optional<gid_t> one_more_group) {
    std::vector<char*> pointers;
    pointers.reserve(argv.size() + 1);
    for (std::string& argument : argv) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error{"fork"};
    if (pid_ == 0) become(pointers, uid, gid, descriptor3.get(), one_more_group);
}

RunningProgram::RunningProgram(RunningProgram&& other) noexcept
    : pid_{std::exchange(other.pid_, -1)} {}

RunningProgram& RunningProgram::operator=(RunningProgram&& other) noexcept {
    std::swap(pid_, other.pid_);
    return *this;
}

bool RunningProgram::running() const {
    siginfo_t state{};
    return pid_ > 0 &&
           ::waitid(P_PID, static_cast<id_t>(pid_), &state, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           state.si_pid == 0;
}

void RunningProgram::kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
}

std::optional<int> RunningProgram::ended_within(std::chrono::milliseconds patience) {
    const UniqueFd handle{static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))};
    pollfd ended{handle.get(), POLLIN, 0};
    if (!handle || ::poll(&ended, 1, static_cast<int>(patience.count())) != 1) return std::nullopt;
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace latchkey
