// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/message.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

// Without a subject: {"subjects"} of the name, or the uid, that is `hello.account_name`, whether
// there is such an account or not. With one: takes away what Store::purge() does, and tells
// every address if a key came with it (of an account that is there). The answer's only row is
// {"contacts", "authenticators", "recoveries", "vetoes", "codes", "notices"}: how many there
// were. With `hello.dry_run` nothing is written.
[[nodiscard]] wire::AdminReply purge_for_administrator(const wire::AdminHello& hello,
                                                       const VerifierPorts& ports);

}  // namespace latchkey
