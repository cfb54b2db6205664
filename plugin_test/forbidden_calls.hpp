// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.hpp"

namespace latchkey::plugin_test {

// System calls that the sandbox refuses anyway. A plugin that makes one all the same would
// not be noticed there: it gets an error and goes on. With these the process ends (SIGSYS).
enum class Forbidden {
    Nothing,
    NewProcesses,  // fork, exec; threads are none
    ProcessState,  // umask, current directory, session
};

// Needs to be called before the sandbox is closed; sets no_new_privs.
Result<void> end_process_at(Forbidden forbidden);

}  // namespace latchkey::plugin_test
