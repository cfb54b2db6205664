// SPDX-License-Identifier: MIT
#pragma once

#include "verifier/monitor_link.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

// The verifier's part of an import: says that it may begin, looks at every row as it comes,
// seals what it holds, and writes all of it in one transaction behind the last one, if that
// says so and no row is bad. Answers with
//
//   {"line", "problem"}   for the first hundred bad rows
//   {"kept": [line]}      keys that the accounts have already: nothing of them begins anew
//   {"bad", "added", "confirmed", "replaced", "written"}
void serve_import(MonitorLink& monitor, const VerifierPorts& ports, const wire::AdminHello& hello);

}  // namespace latchkey
