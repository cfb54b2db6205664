// SPDX-License-Identifier: MIT
//
// What a core of every process would hold, read by root while it runs.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace latchkey {

struct ProcessOnMachine {
    pid_t pid = -1;
    std::string program;  // path of the executable; empty for a thread of the kernel
    std::string command;  // argv, joined by blanks
    std::string environment;
};

[[nodiscard]] ProcessOnMachine process_on_machine(pid_t pid);
[[nodiscard]] std::vector<ProcessOnMachine> processes_on_machine();

// All memory of its own: heap, stack, data, whatever it mapped to write. Not the
// pages of files it only reads. Empty if the process is gone.
[[nodiscard]] std::string memory_of(pid_t pid);

}  // namespace latchkey
