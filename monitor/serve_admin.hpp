// SPDX-License-Identifier: MIT
//
// `latchkey-monitor --admin`: one request of the command, run by root over a
// socketpair. What the root side knows it answers itself; addresses, keys and
// methods are the verifier's.
#pragma once

#include "adapters/system/seqpacket.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"

namespace latchkey {

void serve_admin(Seqpacket command, const Clock& clock, EventLog& log);

}  // namespace latchkey
