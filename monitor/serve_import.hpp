// SPDX-License-Identifier: MIT
#pragma once

#include "adapters/system/seqpacket.hpp"
#include "monitor/admin_desk.hpp"

namespace latchkey {

// `latchkey import`, behind its AdminRequest: says that it may begin, takes the command's rows,
// and hands each to a verifier with the key of its account alone. Answers with
//
//   {"line", "problem"}   for the first hundred bad rows, by their lines
//   {"rows", "bad", "added", "confirmed", "replaced", "notices", "written"}
//
// One bad row, and nothing is written.
void serve_import(Seqpacket& command, const AdminDesk& desk);

}  // namespace latchkey
