// SPDX-License-Identifier: MIT
#include "cli/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace latchkey::cli {

namespace {

std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
}

// What posix_spawn does between fork and exec; freed at the end of the scope.
class SpawnPlan {
public:
    explicit SpawnPlan(const std::array<int, 4>& descriptors) {
        posix_spawn_file_actions_init(&actions_);
        for (int target = 0; target < 4; ++target) {
            const int source = descriptors.at(static_cast<std::size_t>(target));
            if (source >= 0) {
                posix_spawn_file_actions_adddup2(&actions_, source, target);
            } else if (target < 3) {
                posix_spawn_file_actions_addopen(&actions_, target, "/dev/null", O_RDWR, 0);
            }
        }
        posix_spawn_file_actions_addclosefrom_np(&actions_, descriptors[3] >= 0 ? 4 : 3);
        posix_spawn_file_actions_addchdir_np(&actions_, "/");
        posix_spawnattr_init(&attributes_);
        sigset_t every;
        sigset_t none;
        sigfillset(&every);
        sigemptyset(&none);
        posix_spawnattr_setsigdefault(&attributes_, &every);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }

    [[nodiscard]] const posix_spawn_file_actions_t* actions() const { return &actions_; }
    [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

}  // namespace

Result<Child> Child::start(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& environment,
                           const std::array<int, 4>& descriptors) {
    std::vector<std::string> argument_words = arguments;
    std::vector<std::string> environment_words = environment;
    const SpawnPlan plan{descriptors};
    pid_t pid = -1;
    const int failed =
        ::posix_spawn(&pid, arguments.front().c_str(), plan.actions(), plan.attributes(),
                      pointers_to(argument_words).data(), pointers_to(environment_words).data());
    if (failed != 0) {
        return Error{ErrorKind::Misconfigured, arguments.front() + ": " + std::strerror(failed)};
    }
    Child child{pid, UniqueFd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))}};
    if (!child.pidfd_) return Error{ErrorKind::Unavailable, "pidfd_open failed"};
    return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)) {}

Child::~Child() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    reap();
}

std::optional<int> Child::wait(std::chrono::milliseconds longest) {
    const auto deadline = std::chrono::steady_clock::now() + longest;
    pollfd ended{pidfd_.get(), POLLIN, 0};
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        const int ready = left.count() <= 0 ? 0 : ::poll(&ended, 1, static_cast<int>(left.count()));
        if (ready < 0 && errno == EINTR) continue;
        if (ready > 0) return reap();
        ::kill(pid_, SIGKILL);
        reap();
        return std::nullopt;
    }
}

int Child::reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace latchkey::cli
