// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/admin_desk.hpp"

namespace latchkey {

// Takes away everything that is kept of a name or uid, whether there is such an account or not:
// what verifier/purging.hpp takes, saved codes, temporary passes, used steps, and, of an account
// that is gone, what it was told at its logins. A row for each account it was:
// {"user", "uid", "is_there", "contacts", "authenticators", "recoveries", "vetoes", "codes",
// "files", "notices", "dry_run"}. What limits count and the audit log stay.
void serve_purge(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk);

}  // namespace latchkey
