// SPDX-License-Identifier: MIT
//
// Everything of a process that a guest in it could change and leave changed, as
// lines of text ("umask: 0022"), so that two of them can be compared and a
// difference be read.
#pragma once

#include <string>

namespace latchkey {

// What belongs to the calling thread: errno (first, before anything touches it),
// signal mask, locale, alternative stack.
[[nodiscard]] std::string thread_snapshot();

// What belongs to the process and stays still while other threads work: ids and
// capabilities, environment, umask, directories, signal dispositions, limits,
// timers, locale, session, terminal settings.
[[nodiscard]] std::string process_snapshot();

// What other threads' conversations change as well: descriptors with their flags,
// children, the number of threads.
[[nodiscard]] std::string shared_snapshot();

// All of it, for a process with one thread.
[[nodiscard]] std::string whole_snapshot();

// The lines that differ, as "- before" and "+ after"; empty if none.
[[nodiscard]] std::string difference(const std::string& before, const std::string& after);

}  // namespace latchkey
