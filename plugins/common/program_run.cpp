// SPDX-License-Identifier: MIT
#include "plugins/common/program_run.hpp"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "adapters/system/unique_fd.hpp"
#include "plugins/common/program_start.hpp"

namespace latchkey::plugin {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

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
    const pid_t process = start_program({.arguments = arguments, .input = from.get()});
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
            case EX_UNAVAILABLE:  // what would have taken it is not there
                return Outcome::NotTaken;
            default:
                return Outcome::Temporary;
        }
    };
    if (!end.started) return {Outcome::Misconfigured, "the program " + end.what};
    if (!end.exit_status) return {Outcome::Temporary, "the program " + end.what};
    return {outcome_of(*end.exit_status), "the program ended with " + end.what};
}

}  // namespace latchkey::plugin
