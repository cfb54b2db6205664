// SPDX-License-Identifier: MIT
//
// Which system calls a flow is stopped at, and how each of them fails.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::crash {

// "changes": calls after which something outside the process is different: a file, a
// lock, a message to another process, a process. A kill between two of them is a kill
// at the second. "fails": every call of the programs that can fail and is not a close
// (the kernel closes in any case). "storage": what the kernel asks a disk for. Throws
// std::invalid_argument for another word.
[[nodiscard]] std::vector<std::string> calls_of(std::string_view set);

// Opening changes something only when it may create; locks are changed by some fcntls.
[[nodiscard]] bool counts(std::string_view set, const std::string& name, const std::uint64_t* args);

// What the kernel says when it has run out of what the call needs: ENOSPC, EMFILE, EIO ...
[[nodiscard]] int usual_error(const std::string& name);

// At a seccomp stop: the call is not made and returns -`error`. False: the kernel refused.
[[nodiscard]] bool let_fail(pid_t tracee, const std::string& name, int error);

}  // namespace latchkey::crash
