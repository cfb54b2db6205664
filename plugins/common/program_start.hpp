// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace latchkey::plugin {

// A program, and all that it is given: whatever else is open here is closed to it.
struct Program {
    std::vector<std::string> arguments;  // the first one is its absolute path
    int input = -1;                      // becomes its standard input
    int output = -1;                     // its standard output; -1: nowhere
    std::vector<int> more;               // become its descriptors 3, 4, ...
    std::vector<std::string> variables;  // "NAME=value", beside this process's own
};

// Starts it in a process group of its own, with the signals as the system has them and
// standard error going nowhere. The process, or -1 with errno.
[[nodiscard]] pid_t start_program(const Program& program);

}  // namespace latchkey::plugin
