// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/ports/event_log.hpp"
#include "monitor/paths.hpp"

namespace latchkey {

// What a delivery is started by, and what is touched where that fails.
struct DeliveryStart {
    std::string program = paths::kMonitor;
    std::string call_file = paths::kOutboxCall;
};

// What is queued is sent at once, by a process that outlives this one. Where none can be started,
// `call_file` is touched: latchkey-outbox.path watches it, and starts the same from elsewhere
// (docs/adr/0028). That neither could be done is a warning, since a timer does it, too.
void start_delivery(EventLog& log, const DeliveryStart& how = {});

}  // namespace latchkey
