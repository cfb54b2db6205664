// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/message.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

// Takes a way away at once: the addresses or devices of `hello.method`, or the one of them that
// is `hello.address`; the app or token of "totp" or "hotp"; of "codes" nothing here, since they
// are the root side's. Rows, notices to all addresses, the removed one among them, and the
// audit record are one transaction. The answer's only row is {"destinations": masked ones,
// "removed": how many rows, "notices"}. With `hello.dry_run` nothing is written.
[[nodiscard]] wire::AdminReply remove_for_administrator(const wire::AdminHello& hello,
                                                        const VerifierPorts& ports);

}  // namespace latchkey
