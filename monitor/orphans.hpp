// SPDX-License-Identifier: MIT
//
// What a channel that runs programs leaves behind. Its keeper ends its own descendants
// (channel_host/program_keeper.hpp), but it is of their user, so one of them can end it
// first, or stop it. Then they are handed on to us, whom they cannot reach.
#pragma once

#include <sys/types.h>

#include "core/result.hpp"

namespace latchkey {

// From now on what is started below us is handed on to us when whoever started it is gone.
// Misconfigured: the kernel cannot do that, or cannot list a process's children.
Result<void> adopt_orphans();

// Kills and reaps the children of ours that are `user`'s, and all that their end hands on
// to us. What has become another user's, which is set-id, is left to run. It waits for
// none longer than a few seconds: one that the kernel holds in a call ends after that.
void end_children_of(uid_t user);

}  // namespace latchkey
