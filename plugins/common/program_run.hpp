// SPDX-License-Identifier: MIT
//
// Runs another program over one message, for channels with profile = "program".
// What is confidential goes over standard input alone: no argument, no variable and
// no file can be read by others on the way.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <latchkey/plugin.hpp>

namespace latchkey::plugin {

// How a program ended. Of what it printed nothing is kept: it may be the code, in
// any form.
struct ProgramEnd {
    bool started = false;
    std::optional<int> exit_status;  // none: not started, killed, or not in time
    std::string what;                // for the log: "exit status 75"
};

// Starts `arguments`, the first of them the program's absolute path, in a process group of
// its own with `input` to read and everything it prints going nowhere. Kills the
// group after `longest`; what it left running in the background otherwise is the
// channel host's business. A program that does not read all of its input may do so.
[[nodiscard]] ProgramEnd run_program(const std::vector<std::string>& arguments,
                                     std::string_view input, std::chrono::milliseconds longest);

// What sysexits(3) says of the message. 0: Queued, since arrival is not certain yet; 64
// (usage), 77 (no permission) and 78 (configuration), or a program that cannot be started:
// Misconfigured; 65 (data), 67 (no user) and 68 (no host): Permanent; all other
// statuses, a signal and the deadline: Temporary.
[[nodiscard]] Reply reply_of(const ProgramEnd& end);

}  // namespace latchkey::plugin
