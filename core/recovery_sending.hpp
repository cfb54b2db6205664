// SPDX-License-Identifier: MIT
//
// Which address is meant, and the code that goes to it. Where nothing may be
// sent, the same work is done and the message reaches nobody.
#pragma once

#include "core/recovery_context.hpp"
#include "core/recovery_flow.hpp"

namespace latchkey {

// Selected, or Judged{Right} for a saved code or a temporary pass typed where no method was chosen.
[[nodiscard]] Result<flow::Event> select(RecoveryContext& recovery, const flow::Select& action);

// Queued, whether or not a message leaves.
[[nodiscard]] Result<flow::Event> send(RecoveryContext& recovery, const flow::Send& action);

// `message` for one address, sealed so that only a delivery opens it.
[[nodiscard]] OutboxRow sealed_row(const RecoveryContext& recovery, const StoredAddress& address,
                                   OutboxPurpose purpose, MessageText message,
                                   TimePoint expires_at);
// The same of a message that no recovery sends: `row` says whose it is, when it is due and
// until when it is worth something, `subkey` is its subject's.
[[nodiscard]] OutboxRow sealed_row(Vault& vault, const Secret& subkey, OutboxRow row,
                                   const Secret& to, MessageText message);

}  // namespace latchkey
