// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>

#include "verifier/monitor_link.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

// Lets time pass between two tries of one run; false: the run is over.
using Pause = std::function<bool(std::chrono::seconds)>;

// Empties the outbox as far as it will go (verifier/outbox_delivery.hpp), with
// keys and channel hosts lent by the monitor, and says what became of it. Returns
// false if there was no greeting that could be served.
[[nodiscard]] bool serve_delivery(MonitorLink& monitor, VerifierPorts ports, const Pause& pause);

}  // namespace latchkey
