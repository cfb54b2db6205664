// SPDX-License-Identifier: MIT
//
// A second process of the test itself, for locks, races and sudden death.
#pragma once

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace latchkey {

// Runs `body` in a child and ends with its result as exit status. Assertions do
// not work in it. Killed and reaped at the latest when the object goes.
class Forked {
public:
    explicit Forked(const std::function<int()>& body) : pid_(::fork()) {
        if (pid_ < 0) throw std::runtime_error("fork");
        if (pid_ == 0) {
            int status = 99;
            try {
                status = body();
            } catch (...) {
            }
            ::_exit(status);
        }
    }
    Forked(Forked&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
    Forked& operator=(Forked&&) = delete;
    ~Forked() {
        if (pid_ > 0) kill();
    }

    [[nodiscard]] pid_t pid() const { return pid_; }

    // The exit status, or 128 + the signal.
    int wait() {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    void kill() {
        ::kill(pid_, SIGKILL);
        (void)wait();
    }

private:
    pid_t pid_;
};

// Lets processes wait for one another without sleeping: wait() returns when
// somebody has said go(), or when everybody who could has ended.
class Signal {
public:
    Signal() {
        if (::pipe(ends_.data()) != 0) throw std::runtime_error("pipe");
    }
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;
    ~Signal() {
        ::close(ends_[0]);
        close_writer();
    }

    void go() const {
        const char byte = 'g';
        if (::write(ends_[1], &byte, 1) != 1) throw std::runtime_error("write");
    }
    // True if somebody said go. Whoever waits must not hold the writing end.
    [[nodiscard]] bool wait() {
        close_writer();
        char byte = 0;
        return ::read(ends_[0], &byte, 1) == 1;
    }
    // Releases everybody who waits in wait().
    void close_writer() {
        if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
    }

private:
    std::array<int, 2> ends_{};
};

// The exit statuses, the smallest first, of `count` processes that run `body`, each of
// which makes itself ready and then waits for the start.
inline std::vector<int> race(int count, const std::function<int(Signal& start)>& body) {
    Signal start;
    std::vector<Forked> racers;
    for (int i = 0; i < count; ++i) racers.emplace_back([&] { return body(start); });
    start.close_writer();
    std::vector<int> statuses;
    for (Forked& racer : racers) statuses.push_back(racer.wait());
    std::sort(statuses.begin(), statuses.end());
    return statuses;
}

}  // namespace latchkey
