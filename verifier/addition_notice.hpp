// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "core/result.hpp"
#include "core/wire/message.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

// Before an administrator adds a way back: queues a notice to every address that the account
// has, and the audit record of it. `what` as of what_changed(). How many were queued.
[[nodiscard]] Result<std::size_t> tell_addition(const wire::AdminHello& hello,
                                                const VerifierPorts& ports,
                                                const std::string& what);

// The answer where the addition is the root side's own: {"notices"}.
[[nodiscard]] wire::AdminReply announce_codes(const wire::AdminHello& hello,
                                              const VerifierPorts& ports);

}  // namespace latchkey
