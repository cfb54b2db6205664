// SPDX-License-Identifier: MIT
#include "tests/support/peer_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "adapters/system/unique_fd.hpp"

namespace latchkey {

PeerProcess::PeerProcess(std::vector<std::string> argv) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"pipe2"};
    const UniqueFd read_end{ends[0]};
    UniqueFd write_end{ends[1]};
    std::vector<char*> pointers;
    pointers.reserve(argv.size() + 1);
    for (std::string& word : argv) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, write_end.get(), STDOUT_FILENO);
    const int failure =
        ::posix_spawnp(&pid_, pointers[0], &actions, nullptr, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) throw std::runtime_error{argv.front() + " cannot be started"};
    write_end.reset();
    char c = 0;
    while (::read(read_end.get(), &c, 1) == 1 && c != '\n') first_line_ += c;
    if (!first_line_.empty()) return;
    ::waitpid(pid_, nullptr, 0);
    throw std::runtime_error{argv.at(1) + " did not start; what does it need?"};
}

PeerProcess::~PeerProcess() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

}  // namespace latchkey
