// SPDX-License-Identifier: MIT
#include "pam_module/monitor_process.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>

namespace latchkey::pam {

namespace {

constexpr std::size_t kStackBytes = std::size_t{256} * 1024;

Error unavailable(const char* what) {
    return {ErrorKind::Unavailable, std::string{what} + ": " + strerrordesc_np(errno)};
}

bool only_root_may_write(const std::string& path, bool is_program) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return false;
    const bool right_kind = is_program ? S_ISREG(found.st_mode) : S_ISDIR(found.st_mode);
    return right_kind && found.st_uid == 0 && (found.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

// The program and every folder above it.
bool is_trustworthy(const std::string& program) {
    if (!program.starts_with('/') || !only_root_may_write(program, true)) return false;
    for (std::size_t slash = program.rfind('/'); slash != 0; slash = program.rfind('/', slash - 1))
        if (!only_root_may_write(program.substr(0, slash), false)) return false;
    return true;
}

struct Launch {
    const char* program;
    posix_spawn_file_actions_t* actions;
    posix_spawnattr_t* attributes;
    int result;
};

// Runs in the intermediate, on a stack of its own, while the login process stands still.
int launch(void* argument) {
    auto* plan = static_cast<Launch*>(argument);
    // posix_spawn takes char* for historical reasons and does not write.
    char* const argv[] = {const_cast<char*>(plan->program), nullptr};
    char* const no_environment[] = {nullptr};
    pid_t pid = 0;
    plan->result =
        ::posix_spawn(&pid, plan->program, plan->actions, plan->attributes, argv, no_environment);
    ::_exit(0);
}

// posix_spawn's attributes and actions, with their C life time.
class SpawnPlan {
public:
    explicit SpawnPlan(int monitor_end) {
        sigset_t all;
        sigset_t none;
        sigfillset(&all);
        sigemptyset(&none);
        good_ = ::posix_spawn_file_actions_init(&actions_) == 0 &&
                ::posix_spawnattr_init(&attributes_) == 0 &&
                ::posix_spawn_file_actions_adddup2(&actions_, monitor_end, 3) == 0 &&
                ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDWR, 0) == 0 &&
                ::posix_spawn_file_actions_addopen(&actions_, 1, "/dev/null", O_RDWR, 0) == 0 &&
                ::posix_spawn_file_actions_addopen(&actions_, 2, "/dev/null", O_RDWR, 0) == 0 &&
                ::posix_spawn_file_actions_addclosefrom_np(&actions_, 4) == 0 &&
                ::posix_spawnattr_setsigdefault(&attributes_, &all) == 0 &&
                ::posix_spawnattr_setsigmask(&attributes_, &none) == 0 &&
                ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF |
                                                             POSIX_SPAWN_SETSIGMASK |
                                                             POSIX_SPAWN_SETSID) == 0;
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
    ~SpawnPlan() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }

    // 0, or an errno.
    int run(const std::string& program) {
        if (!good_) return ENOMEM;
        void* stack = ::mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
        if (stack == MAP_FAILED) return errno;
        Launch plan{program.c_str(), &actions_, &attributes_, EAGAIN};
        // The intermediate shares our memory: no handler of the login program may run in it.
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        ::pthread_sigmask(SIG_BLOCK, &all, &before);
        // No exit signal in the flags' low byte: the login program gets no SIGCHLD.
        const pid_t intermediate =
            ::clone(launch, static_cast<char*>(stack) + kStackBytes, CLONE_VM | CLONE_VFORK, &plan);
        const int failure = intermediate < 0 ? errno : 0;
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        if (intermediate > 0) reap(intermediate);
        ::munmap(stack, kStackBytes);
        return failure != 0 ? failure : plan.result;
    }

private:
    // ECHILD is fine: a handler of the login program that reaps everything was faster.
    static void reap(pid_t pid) {
        int status = 0;
        while (::waitpid(pid, &status, __WALL) < 0 && errno == EINTR) {
        }
    }

    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
    bool good_ = false;
};

}  // namespace

Result<Seqpacket> start_monitor(const std::string& program) {
    if (!is_trustworthy(program))
        return Error{
            ErrorKind::Misconfigured,
            program + " is absent, or somebody other than root may change it or a folder above it"};
    auto ends = Seqpacket::make_pair();
    if (!ends) return std::move(ends).error();
    SpawnPlan plan{ends->second.fd()};
    errno = plan.run(program);
    if (errno != 0) return unavailable("start monitor");
    return std::move(ends->first);
}

}  // namespace latchkey::pam
