// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>

#include "adapters/system/unique_fd.hpp"
#include "plugins/common/program_start.hpp"

namespace latchkey::sip {

// A program that is talked to over its standard streams. Killed with its process group, and
// reaped, when the object goes.
class PipedProgram {
public:
    // `program` without its streams. started() tells whether it runs.
    explicit PipedProgram(plugin::Program program);
    ~PipedProgram() { end(std::chrono::milliseconds{0}); }
    PipedProgram(const PipedProgram&) = delete;
    PipedProgram& operator=(const PipedProgram&) = delete;

    [[nodiscard]] bool started() const { return process_ > 0; }
    // All of it or false: what a pipe does not take at once is more than anything of ours.
    [[nodiscard]] bool tell(std::string_view text);
    void say_no_more() { to_.reset(); }

    enum class Heard { Something, Nothing, End };
    // Appends what it says next; Nothing: it is silent until `until`.
    [[nodiscard]] Heard hear(std::string& into, std::chrono::steady_clock::time_point until);

    // Asks it to end (SIGTERM), and kills it after `patience`. Returns the first 64 KiB of what it
    // said meanwhile.
    std::string end(std::chrono::milliseconds patience);

private:
    pid_t process_ = -1;
    UniqueFd to_;
    UniqueFd from_;
};

}  // namespace latchkey::sip
