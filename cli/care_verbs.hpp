// SPDX-License-Identifier: MIT
//
// What administrators do for people beside enrolling them: remove, purge, reset, policy check.
#pragma once

#include "cli/command_line.hpp"
#include "cli/monitor_call.hpp"

namespace latchkey::cli {

ExitStatus run_remove(const RemoveCommand& command, const MonitorCall& monitor,
                      const Terminal& terminal);
// Shows what is there and asks, unless it is told not to. Negative: the answer was no.
ExitStatus run_purge(const PurgeCommand& command, const MonitorCall& monitor,
                     const Terminal& terminal);
ExitStatus run_reset(const ResetCommand& command, const MonitorCall& monitor,
                     const Terminal& terminal);
// Negative: somebody could recover now, and could not then.
ExitStatus run_policy_check(const PolicyCheckCommand& command, const MonitorCall& monitor,
                            const Terminal& terminal);

}  // namespace latchkey::cli
