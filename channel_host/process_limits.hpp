// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>

#include "core/result.hpp"

namespace latchkey {

// First thing the channel host does: not dumpable, no core, umask 077, "/",
// standard signals, descriptors 0 to 3 only, empty environment.
// Misconfigured: runs as root, which it never may, or something was refused.
Result<void> harden_channel_host();

// Processor time, memory, files: small, or what mailers and interpreters need.
Result<void> limit_resources(bool runs_programs);

// For a plugin that may have threads or start programs: so many, whatever others of
// this user have. The kernel counts all tasks of a user, here those of other calls and
// other containers, which cannot all be seen; so what there is is found by trying, in
// powers of two.
Result<void> limit_tasks(std::size_t of_one_plugin);

// The kernel kills this process after `deadline` (SIGKILL, which nothing can
// catch or block). Once the sandbox is closed it cannot be taken back. The
// second lock: the caller kills, too.
Result<void> arm_deadline(std::chrono::seconds deadline);

}  // namespace latchkey
