// SPDX-License-Identifier: MIT
#pragma once

#include "verifier/monitor_link.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

// Holds one recovery conversation: takes the monitor's greeting, runs the
// recovery (core/recovery_runner.hpp) and says how it ended. Returns false if
// there was no greeting that could be served.
[[nodiscard]] bool serve_login(MonitorLink& monitor, VerifierPorts ports);

}  // namespace latchkey
