// SPDX-License-Identifier: MIT
//
// latchkey's processes on the machine, seen from outside.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace latchkey {

inline constexpr const char* login_monitor = "/usr/libexec/latchkey/latchkey-monitor";
inline constexpr const char* login_verifier = "/usr/libexec/latchkey/latchkey-verifier --login";

// Processes whose whole command line, joined by blanks, is `command`.
[[nodiscard]] std::vector<pid_t> processes_with_command(const std::string& command);

// The one such process; waits for it. Throws if there is none, or more than one.
[[nodiscard]] pid_t only_process(const std::string& command);

// Waits until no program of latchkey runs: every conversation is over, what was
// to be sent is sent or withheld. False if one still runs then.
[[nodiscard]] bool latchkey_comes_to_rest(std::chrono::milliseconds within = std::chrono::seconds{
                                              20});

// As in /proc: 'S' sleeps, 'T' is stopped, 'Z' has ended; 0: gone.
char state_of(pid_t pid);

// SIGKILL; returns when everything it held is closed.
void kill_for_good(pid_t pid);

}  // namespace latchkey
