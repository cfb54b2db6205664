// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.hpp"

namespace latchkey {

// What a seccomp filter lets through beyond computing and talking over
// descriptors that are open already.
struct SystemCallRules {
    bool writes_files = false;  // opening for writing, renaming, removing, syncing, locking
    bool uses_network = false;  // IPv4, IPv6, rtnetlink; never listens
    bool starts_threads = false;
};

// Installs the filter for this process. Needs no_new_privs. What is not allowed
// fails with EPERM, and with ENOSYS where the C library has an older way to fall
// back to. Misconfigured: the kernel refused.
Result<void> allow_system_calls(const SystemCallRules& rules);

}  // namespace latchkey
