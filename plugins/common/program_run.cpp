// SPDX-License-Identifier: MIT
#include "plugins/common/program_run.hpp"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "adapters/system/unique_fd.hpp"

namespace latchkey::plugin {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// The attributes and actions of one start; freed together.
class Start {
public:
    explicit Start(int input) {
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawn_file_actions_init(&actions_);
        sigset_t all;
        sigset_t none;
        ::sigfillset(&all);
        ::sigemptyset(&none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        ::posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
        ::posix_spawn_file_actions_adddup2(&actions_, input, 0);
        ::posix_spawn_file_actions_addopen(&actions_, 1, "/dev/null", O_WRONLY, 0);
        ::posix_spawn_file_actions_addopen(&actions_, 2, "/dev/null", O_WRONLY, 0);
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
    }
    Start(const Start&) = delete;
    Start& operator=(const Start&) = delete;
    ~Start() {
        ::posix_spawnattr_destroy(&attributes_);
        ::posix_spawn_file_actions_destroy(&actions_);
    }

    // The process, or -1 with errno.
    pid_t start(const std::vector<std::string>& arguments) {
        std::vector<char*> argv;
        argv.reserve(arguments.size() + 1);
        // posix_spawn takes char* for C's sake and does not write through it.
        for (const std::string& argument : arguments)
            argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        pid_t pid = -1;
        errno = ::posix_spawn(&pid, argv.front(), &actions_, &attributes_, argv.data(), environ);
        return errno == 0 ? pid : -1;
    }

private:
    posix_spawnattr_t attributes_{};
    posix_spawn_file_actions_t actions_{};
};

int left_until(steady_clock::time_point end) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

// Writes what `to` takes now. Closes it when all is written, or nobody reads.
void feed(UniqueFd& to, std::string_view& input) {
    const ssize_t written = ::write(to.get(), input.data(), input.size());
    if (written > 0) input.remove_prefix(static_cast<std::size_t>(written));
    const bool later = written < 0 && (errno == EAGAIN || errno == EINTR);
    if (input.empty() || (written <= 0 && !later)) to.reset();
}

// True if the process ended before `end`.
bool serve_until_end(const UniqueFd& process, UniqueFd to, std::string_view input,
                     steady_clock::time_point end) {
    if (input.empty()) to.reset();
    while (steady_clock::now() < end) {
        // A negative descriptor is passed over by poll.
        std::array<pollfd, 2> waiting{pollfd{process.get(), POLLIN, 0},
                                      pollfd{to.get(), POLLOUT, 0}};
        if (::poll(waiting.data(), waiting.size(), left_until(end)) < 0 && errno != EINTR)
            return false;
        if (waiting[0].revents != 0) return true;
        if (waiting[1].revents != 0) feed(to, input);
    }
    return false;
}

ProgramEnd reaped(pid_t process) {
    int status = 0;
    while (::waitpid(process, &status, 0) < 0)
        if (errno != EINTR) return {true, std::nullopt, "its end was missed"};
    if (WIFEXITED(status))
        return {true, WEXITSTATUS(status), "exit status " + std::to_string(WEXITSTATUS(status))};
    return {true, std::nullopt, "ended by signal " + std::to_string(WTERMSIG(status))};
}

ProgramEnd not_started(int error) {
    return {false, std::nullopt, std::string{"cannot be started: "} + strerrordesc_np(error)};
}

}  // namespace

ProgramEnd run_program(const std::vector<std::string>& arguments, std::string_view input,
                       milliseconds longest) {
    const auto end = steady_clock::now() + longest;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return not_started(errno);
    UniqueFd from{ends[0]};
    UniqueFd to{ends[1]};
    if (::fcntl(to.get(), F_SETFL, O_NONBLOCK) != 0) return not_started(errno);
    const pid_t process = Start{from.get()}.start(arguments);
    if (process < 0) return not_started(errno);
    from.reset();
    const UniqueFd handle{static_cast<int>(::syscall(SYS_pidfd_open, process, 0))};
    if (handle && serve_until_end(handle, std::move(to), input, end)) return reaped(process);
    ::kill(-process, SIGKILL);
    ::kill(process, SIGKILL);  // also if it has left its group
    // Set-id programs may have become another user's by now, and are left alone.
    (void)::waitpid(process, nullptr, WNOHANG);
    return {true, std::nullopt, "did not end in time"};
}

Reply reply_of(const ProgramEnd& end) {
    const auto outcome_of = [](int status) {
        switch (status) {
            case EX_OK:
                return Outcome::Queued;
            case EX_USAGE:
            case EX_NOPERM:
            case EX_CONFIG:
                return Outcome::Misconfigured;
            case EX_DATAERR:
            case EX_NOUSER:
            case EX_NOHOST:
                return Outcome::Permanent;
            default:
                return Outcome::Temporary;
        }
    };
    if (!end.started) return {Outcome::Misconfigured, "the program " + end.what};
    if (!end.exit_status) return {Outcome::Temporary, "the program " + end.what};
    return {outcome_of(*end.exit_status), "the program ended with " + end.what};
}

}  // namespace latchkey::plugin
