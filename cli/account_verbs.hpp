// SPDX-License-Identifier: MIT
//
// The verbs about people: asked of the monitor, shown as a table, as sentences
// or as JSON.
#pragma once

#include "cli/command_line.hpp"
#include "cli/monitor_call.hpp"
#include "cli/terminal.hpp"
#include "core/recovery.hpp"

namespace latchkey::cli {

ExitStatus run_status(const StatusCommand& command, const MonitorCall& monitor,
                      const Terminal& terminal);
ExitStatus run_enroll(const EnrollCommand& command, const MonitorCall& monitor,
                      const Terminal& terminal, TimePoint now);
ExitStatus run_codes(const CodesCommand& command, const MonitorCall& monitor,
                     const Terminal& terminal, TimePoint now);
ExitStatus run_unlock(const UnlockCommand& command, const MonitorCall& monitor,
                      const Terminal& terminal);

}  // namespace latchkey::cli
