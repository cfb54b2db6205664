// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "core/result.hpp"

namespace latchkey {

// First thing the channel host does: not dumpable, no core, umask 077, "/",
// standard signals, descriptors 0 to 3 only, empty environment, small limits.
// Misconfigured: runs as root, which it never may, or a limit was refused.
Result<void> harden_channel_host();

// The kernel kills this process after `deadline` (SIGKILL, which nothing can
// catch or block). Once the sandbox is closed it cannot be taken back. The
// second lock: the caller kills, too.
Result<void> arm_deadline(std::chrono::seconds deadline);

}  // namespace latchkey
