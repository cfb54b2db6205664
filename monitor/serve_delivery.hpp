// SPDX-License-Identifier: MIT
//
// `latchkey-monitor --deliver`: lends a verifier what it needs to empty the
// outbox, one subject's outbox key and one channel host at a time. Started when
// a message is queued, and every minute by latchkey-outbox.timer or cron.
#pragma once

#include "core/ports/event_log.hpp"

namespace latchkey {

// The program's exit status: 0, or 1 if the outbox could not be worked on.
[[nodiscard]] int serve_delivery(EventLog& log);

}  // namespace latchkey
