// SPDX-License-Identifier: MIT
#pragma once

#include "adapters/system/seqpacket.hpp"
#include "core/secret.hpp"
#include "core/wire/message.hpp"

namespace latchkey {

// Answers `latchkey audit` and `latchkey audit verify` from the root side's log.
// Precondition: the verb is one of the two.
//
//   Audit        {"number", "at", "event", "who", "service", "source", "gates", "proofs",
//                "outcome", "rule"}, newest first
//   AuditVerify  {"records", "head", "faults", "notes"}, once
void serve_audit(Seqpacket& command, const wire::AdminRequest& request, const Secret& master_key);

}  // namespace latchkey
