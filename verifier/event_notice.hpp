// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/message.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

// Queues a notice to every address of the account for which root or a helper has issued a
// temporary pass that ends at `hello.ends` (PassIssue), or ends a lockout (Unlock), and writes
// the audit record, in one transaction. The notices have a code that denies it. To a recovery
// contact only where the account has no address of its own. Neither the pass nor root's reason
// comes here. The answer's only row is {"notices"}: how many were queued.
[[nodiscard]] wire::AdminReply announce_event(const wire::AdminHello& hello,
                                              const VerifierPorts& ports);

}  // namespace latchkey
