// SPDX-License-Identifier: MIT
#pragma once

#include "verifier/monitor_link.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

// Probes the channels (verifier/channel_probes.hpp) over channel hosts lent by the
// monitor. Returns false if there was no greeting that could be served.
[[nodiscard]] bool serve_probes(MonitorLink& monitor, VerifierPorts ports);

}  // namespace latchkey
