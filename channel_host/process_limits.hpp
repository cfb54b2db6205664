// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "core/result.hpp"

namespace latchkey {

// First thing the channel host does: not dumpable, no core, umask 077, "/",
// standard signals, descriptors 0 to 3 only, empty environment, small limits.
// Misconfigured: runs as root, which it never may, or a limit was refused.
Result<void> harden_channel_host();

// For a plugin that may have threads: a few, whatever others of this user have. The
// kernel counts all tasks of a user, here those of other calls and other containers,
// which cannot all be seen; so what there is is found by trying, in powers of two.
Result<void> limit_threads();

// The kernel kills this process after `deadline` (SIGKILL, which nothing can
// catch or block). Once the sandbox is closed it cannot be taken back. The
// second lock: the caller kills, too.
Result<void> arm_deadline(std::chrono::seconds deadline);

}  // namespace latchkey
