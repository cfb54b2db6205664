// SPDX-License-Identifier: MIT
//
// What stands in for the sandbox where a plugin must start programs
// (Profile::Program). A seccomp filter or no_new_privs would keep set-id mailers
// from running, so the process is split in two instead: the kept one makes the
// call, the keeper outlives it and ends all that it started at the deadline.
// Programs start with a fixed PATH and LC_ALL=C and no other environment.
//
//   monitor -- keeper -- kept (plugin) -- program -- whatever that starts
#pragma once

#include <chrono>

#include "core/result.hpp"

namespace latchkey {

// Returns in the kept process: of a session of its own, killed with the keeper and
// with whatever it has started at the end of `allowed`. What it leaves behind in the
// background may go on until then: some mailers hand over in that way. The
// keeper never returns; it ends when nothing is left, and its exit status is the
// kept process's, or 1 where that was killed.
//
// The keeper finds descendants whatever session, group or parent they have (it is their
// subreaper), but not what has become another user's, which is set-id: that is left to
// run. It is of their user, so they can end it first: the monitor ends them then
// (monitor/orphans.hpp). Misconfigured: the kernel cannot list a process's children.
Result<void> split_off_keeper(std::chrono::seconds allowed);

}  // namespace latchkey
