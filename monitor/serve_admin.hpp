// SPDX-License-Identifier: MIT
//
// `latchkey-monitor --admin`: one request of the command, run by root over a
// socketpair. What the root side knows it answers itself; addresses, keys and
// methods are the verifier's.
#pragma once

#include "monitor/admin_desk.hpp"

namespace latchkey {

// Serves one request, whoever has shown that they may ask it.
void serve_request(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk);

void serve_admin(Seqpacket command, const Clock& clock, EventLog& log);

}  // namespace latchkey
