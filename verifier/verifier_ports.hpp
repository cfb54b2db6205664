// SPDX-License-Identifier: MIT
#pragma once

#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "core/ports/store.hpp"
#include "core/ports/vault.hpp"
#include "core/settings.hpp"

namespace latchkey {

// What the three ways of serving share. The referenced objects outlive the call.
struct VerifierPorts {
    const Settings& settings;
    Store& store;
    Vault& vault;
    const Clock& clock;
    EventLog& log;
};

}  // namespace latchkey
