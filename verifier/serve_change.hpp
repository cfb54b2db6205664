// SPDX-License-Identifier: MIT
#pragma once

#include "verifier/monitor_link.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

// One change of the ways of an account, from the monitor's ChangeHello to a ChangeFinish.
// False: the greeting was none.
bool serve_change(MonitorLink& monitor, VerifierPorts ports);

}  // namespace latchkey
