// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/admin_desk.hpp"

namespace latchkey {

// Answers Unlock of latchkey(1). Told at the account's logins before it is done. For a helper it
// is an act as that of a login is: counted in the ledger, and never of a lockout that is held for
// ever.
void serve_unlock(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk);

}  // namespace latchkey
