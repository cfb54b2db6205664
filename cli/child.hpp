// SPDX-License-Identifier: MIT
//
// One program started without a shell, with the environment and descriptors
// named and nothing else of ours.
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "adapters/system/unique_fd.hpp"
#include "core/result.hpp"

namespace latchkey::cli {

class Child {
public:
    // `descriptors` become 0 to 3 of the child; -1 stands for /dev/null, or for
    // closed at 3. Misconfigured: the program cannot be started.
    static Result<Child> start(const std::vector<std::string>& arguments,
                               const std::vector<std::string>& environment,
                               const std::array<int, 4>& descriptors);
    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    // Kills and reaps what still runs.
    ~Child();

    // The exit status, or 128 + the signal that ended it. Nothing: it still runs
    // after `longest`, and is then killed.
    std::optional<int> wait(std::chrono::milliseconds longest);

private:
    Child(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}
    int reap();

    pid_t pid_ = -1;  // -1: reaped
    UniqueFd pidfd_;
};

}  // namespace latchkey::cli
