// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/admin_desk.hpp"

namespace latchkey {

// Asks the account's owner, at their own addresses, to set a new password by an ordinary
// recovery (docs/adr/0021). Row: {"user", "messages", "short_of_ways", "privileged"}.
void serve_reset(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk);

}  // namespace latchkey
