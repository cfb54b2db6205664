// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "adapters/system/unique_fd.hpp"

namespace latchkey {

// A program that runs as another user (as root) or as the test's own (else), with
// an empty environment and descriptor 3; 0 to 2 are /dev/null. Killed and reaped
// at the latest when the object goes.
class RunningProgram {
public:
    RunningProgram() = default;
    // Throws if there can be no process; a program that cannot be executed ends with 127.
    RunningProgram(std::vector<std::string> argv, uid_t uid, gid_t gid, UniqueFd descriptor3,
                   std::optional<gid_t> one_more_group = std::nullopt);
    RunningProgram(RunningProgram&& other) noexcept;
    RunningProgram& operator=(RunningProgram&& other) noexcept;
    ~RunningProgram() { kill(); }

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] bool running() const;
    void kill();
    // The exit status, or 128 + the signal; nothing if it runs longer than `patience`.
    [[nodiscard]] std::optional<int> ended_within(std::chrono::milliseconds patience);

private:
    pid_t pid_ = -1;
};

}  // namespace latchkey
