// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/admin_desk.hpp"

namespace latchkey {

// Takes a way of recovering away at once; of "codes" the saved recovery codes. Its notices are
// queued before it is gone, the audit log has it, and the account is told at its logins. Row:
// {"user", "method", "destinations", "removed", "notices", "dry_run"}.
void serve_removal(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk);

}  // namespace latchkey
