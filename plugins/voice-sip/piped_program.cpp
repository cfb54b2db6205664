// SPDX-License-Identifier: MIT
#include "plugins/voice-sip/piped_program.hpp"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace latchkey::sip {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Pipe {
    UniqueFd from;
    UniqueFd to;
};

Pipe make_pipe() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
    return {UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

bool readable_within(const UniqueFd& file, milliseconds patience) {
    pollfd waiting{file.get(), POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(patience.count(), 0))) == 1;
}

}  // namespace

PipedProgram::PipedProgram(plugin::Program program) {
    Pipe input = make_pipe();
    Pipe output = make_pipe();
    if (!input.to || !output.to || ::fcntl(input.to.get(), F_SETFL, O_NONBLOCK) != 0) return;
    program.input = input.from.get();
    program.output = output.to.get();
    process_ = plugin::start_program(program);
    if (process_ < 0) return;
    to_ = std::move(input.to);
    from_ = std::move(output.from);
}

bool PipedProgram::tell(std::string_view text) {
    return ::write(to_.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

PipedProgram::Heard PipedProgram::hear(std::string& into, steady_clock::time_point until) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    if (!readable_within(from_, left)) return Heard::Nothing;
    std::array<char, 4096> buffer{};
    const ssize_t size = ::read(from_.get(), buffer.data(), buffer.size());
    if (size <= 0) return Heard::End;
    into.append(buffer.data(), static_cast<std::size_t>(size));
    return Heard::Something;
}

std::string PipedProgram::end(milliseconds patience) {
    constexpr std::size_t kMostKept = 64 << 10;
    std::string said;
    if (process_ <= 0) return said;
    const pid_t process = std::exchange(process_, -1);
    if (patience > milliseconds{0}) {
        (void)::kill(process, SIGTERM);
        // What it still says must not hold it up; when its end of the pipe closes it is done.
        const auto until = steady_clock::now() + patience;
        for (std::string piece; hear(piece, until) == Heard::Something; piece.clear())
            if (said.size() < kMostKept) said += piece;
    }
    (void)::kill(-process, SIGKILL);
    (void)::kill(process, SIGKILL);
    while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) continue;
    return said;
}

}  // namespace latchkey::sip
