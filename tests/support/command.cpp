// SPDX-License-Identifier: MIT
#include "tests/support/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "adapters/system/unique_fd.hpp"

namespace latchkey {
namespace {

struct Pipe {
    UniqueFd read_end;
    UniqueFd write_end;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe2");
    }
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// False once there is nothing more to come.
bool read_some(const UniqueFd& from, std::string& into) {
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(from.get(), buffer.data(), buffer.size());
    if (count < 0) return errno == EINTR || errno == EAGAIN;
    into.append(buffer.data(), static_cast<std::size_t>(count));
    return count > 0;
}

// Feeds and drains all three at once, so that no pipe fills up.
void converse(Pipe& in, Pipe& out, Pipe& err, std::string_view input, Completed& completed) {
    ::fcntl(in.write_end.get(), F_SETFL, O_NONBLOCK);
    while (out.read_end || err.read_end) {
        if (input.empty()) in.write_end.reset();
        std::array<pollfd, 3> three{{{in.write_end ? in.write_end.get() : -1, POLLOUT, 0},
                                     {out.read_end ? out.read_end.get() : -1, POLLIN, 0},
                                     {err.read_end ? err.read_end.get() : -1, POLLIN, 0}}};
        if (::poll(three.data(), three.size(), -1) < 0) continue;
        if (three[0].revents != 0) {
            const ssize_t count = ::write(in.write_end.get(), input.data(), input.size());
            if (count < 0 && errno != EAGAIN && errno != EINTR) input = {};
            if (count > 0) input.remove_prefix(static_cast<std::size_t>(count));
        }
        if (three[1].revents != 0 && !read_some(out.read_end, completed.out)) out.read_end.reset();
        if (three[2].revents != 0 && !read_some(err.read_end, completed.err)) err.read_end.reset();
    }
}

int exit_status_of(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Completed run_command(const std::vector<std::string>& argv, std::string_view input) {
    std::vector<std::string> arguments = argv;
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);

    Pipe in = make_pipe();
    Pipe out = make_pipe();
    Pipe err = make_pipe();
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in.read_end.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out.write_end.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, err.write_end.get(), STDERR_FILENO);
    pid_t pid = -1;
    const int failure =
        ::posix_spawnp(&pid, pointers[0], &actions, nullptr, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) return {127, {}, std::generic_category().message(failure)};
    in.read_end.reset();
    out.write_end.reset();
    err.write_end.reset();

    // A program that does not read its input must not end this one.
    const auto before = ::signal(SIGPIPE, SIG_IGN);
    Completed completed;
    converse(in, out, err, input, completed);
    completed.status = exit_status_of(pid);
    ::signal(SIGPIPE, before);
    return completed;
}

std::string must_run(const std::vector<std::string>& argv, std::string_view input) {
    const Completed completed = run_command(argv, input);
    if (completed.status == 0) return completed.out;
    std::string what;
    for (const std::string& argument : argv) what += argument + ' ';
    throw std::runtime_error(what + "ended with status " + std::to_string(completed.status) + "\n" +
                             completed.out + completed.err);
}

}  // namespace latchkey
