// SPDX-License-Identifier: MIT
#pragma once

#include "adapters/system/seqpacket.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "core/secret.hpp"

namespace latchkey {

// `latchkey import`, behind its AdminRequest: says that it may begin, takes the command's rows,
// and hands each to a verifier with the key of its account alone. Answers with
//
//   {"line", "problem"}   for the first hundred bad rows, by their lines
//   {"rows", "bad", "added", "confirmed", "replaced", "written"}
//
// One bad row, and nothing is written.
void serve_import(Seqpacket& command, const Secret& master_key, const Clock& clock, EventLog& log);

}  // namespace latchkey
