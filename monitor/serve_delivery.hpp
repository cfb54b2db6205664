// SPDX-License-Identifier: MIT
//
// `latchkey-monitor --deliver`: lends a verifier what it needs to empty the
// outbox, one subject's outbox key and one channel host at a time. Started when
// a message is queued, and every minute by latchkey-outbox.timer or cron.
// `latchkey-monitor --probe`, every minute by latchkey-probe.timer or cron: lends
// channel hosts alone, to ask whether they would take a message (verifier/channel_probes.hpp).
#pragma once

#include "core/ports/event_log.hpp"
#include "monitor/admin_desk.hpp"

namespace latchkey {

// The program's exit status: 0, or 1 if the outbox could not be worked on.
[[nodiscard]] int serve_delivery(EventLog& log);
// The same for root's `latchkey deliver`, with what became of the messages as one row.
void serve_delivery_request(Seqpacket& command, const AdminDesk& desk);
// The same: 0, or 1 if no channel could be asked.
[[nodiscard]] int serve_probes(EventLog& log);

}  // namespace latchkey
