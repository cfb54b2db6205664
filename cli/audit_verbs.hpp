// SPDX-License-Identifier: MIT
//
// `latchkey audit` and `latchkey audit verify`: the root side's log, shown, checked, and
// compared with the store's trail.
#pragma once

#include "cli/command_line.hpp"
#include "cli/monitor_call.hpp"
#include "cli/terminal.hpp"
#include "core/recovery.hpp"

namespace latchkey::cli {

ExitStatus run_audit(const AuditCommand& command, const MonitorCall& monitor,
                     const Terminal& terminal, TimePoint now);
// Negative if the log or the store is not what was written, or they contradict each other.
ExitStatus run_audit_verify(const AuditVerifyCommand& command, const MonitorCall& monitor,
                            const Terminal& terminal);

}  // namespace latchkey::cli
