// SPDX-License-Identifier: MIT
#include "plugins/common/program_start.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

namespace latchkey::plugin {

namespace {

constexpr int kFirstMore = 3;
// Above every number that a descriptor may become, so that none overwrites another.
constexpr int kOutOfTheWay = 16;

// The attributes and actions of one start; freed together.
class Start {
public:
    explicit Start(const Program& program) {
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
        ::posix_spawn_file_actions_adddup2(&actions_, program.input, STDIN_FILENO);
        if (program.output < 0)
            ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        else
            ::posix_spawn_file_actions_adddup2(&actions_, program.output, STDOUT_FILENO);
        ::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        give(program.more);
    }
    Start(const Start&) = delete;
    Start& operator=(const Start&) = delete;
    ~Start() {
        ::posix_spawnattr_destroy(&attributes_);
        ::posix_spawn_file_actions_destroy(&actions_);
        for (const int descriptor : moved_)
            if (descriptor >= 0) ::close(descriptor);
    }

    pid_t start(const Program& program) {
        pid_t pid = -1;
        std::vector<char*> argv = pointers_to(program.arguments);
        std::vector<char*> variables = pointers_to(program.variables);
        variables.pop_back();
        for (char** own = environ; own != nullptr && *own != nullptr; ++own)
            variables.push_back(*own);
        variables.push_back(nullptr);
        errno = ::posix_spawn(&pid, argv.front(), &actions_, &attributes_, argv.data(),
                              variables.data());
        return errno == 0 ? pid : -1;
    }

private:
    // posix_spawn takes char* for C's sake and does not write through it.
    static std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
        std::vector<char*> pointers;
        pointers.reserve(texts.size() + 1);
        for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
        pointers.push_back(nullptr);
        return pointers;
    }
    void give(const std::vector<int>& descriptors) {
        int next = kFirstMore;
        for (const int descriptor : descriptors) {
            moved_.push_back(::fcntl(descriptor, F_DUPFD_CLOEXEC, kOutOfTheWay));
            ::posix_spawn_file_actions_adddup2(&actions_, moved_.back(), next++);
        }
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, next);
    }

    posix_spawnattr_t attributes_{};
    posix_spawn_file_actions_t actions_{};
    std::vector<int> moved_;  // ours; GCC's analyzer does not follow a vector of owners
};

}  // namespace

pid_t start_program(const Program& program) {
    return Start{program}.start(program);
}

}  // namespace latchkey::plugin
