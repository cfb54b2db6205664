// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/message.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

// Asks the account's owner to choose a new password: one message without a code to each of their
// own addresses that count, or to those of `hello.method`. At most three times in 24 hours. The
// answer's only row is {"messages"}: how many were queued.
[[nodiscard]] wire::AdminReply invite_owner(const wire::AdminHello& hello,
                                            const VerifierPorts& ports);

}  // namespace latchkey
