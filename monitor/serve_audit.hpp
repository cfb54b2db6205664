// SPDX-License-Identifier: MIT
#pragma once

#include "adapters/system/seqpacket.hpp"
#include "core/ports/clock.hpp"
#include "core/secret.hpp"
#include "core/wire/message.hpp"

namespace latchkey {

// Answers `latchkey audit` and `latchkey audit verify` from the root side's log; the latter
// also asks a verifier for the store's trail and compares the two.
// Precondition: the verb is one of the two.
//
//   Audit        {"number", "at", "event", "who", "service", "source", "gates", "proofs",
//                "outcome", "rule"}, newest first
//   AuditVerify  {"records", "store_rows", "head", "faults", "notes"}, once; then what the
//                comparison found, a sentence each: {"fault"} or {"note"}
void serve_audit(Seqpacket& command, const wire::AdminRequest& request, const Secret& master_key,
                 const Clock& clock);

}  // namespace latchkey
