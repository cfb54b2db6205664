// SPDX-License-Identifier: MIT
#pragma once

#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "core/secret.hpp"
#include "core/settings.hpp"

namespace latchkey {

// What the root side serves a request with, whoever asks. All outlive the call.
struct RootSide {
    const Settings& settings;
    const Secret& master_key;
    const Clock& clock;
    EventLog& log;
};

}  // namespace latchkey
