// SPDX-License-Identifier: MIT
//
// One recovery, from the module's Hello to the end. Reads like the story:
// session, slot, verifier, relay, act, finish.
#pragma once

#include "adapters/system/seqpacket.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"

namespace latchkey {

// Returns when the module has been told how it ended, or is gone.
void serve_login(Seqpacket module, const Clock& clock, EventLog& log);

}  // namespace latchkey
