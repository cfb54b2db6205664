// SPDX-License-Identifier: MIT
//
// `latchkey audit` and `latchkey audit verify`: the root side's log, shown and checked.
#pragma once

#include "cli/command_line.hpp"
#include "cli/monitor_call.hpp"
#include "cli/terminal.hpp"
#include "core/recovery.hpp"

namespace latchkey::cli {

ExitStatus run_audit(const AuditCommand& command, const MonitorCall& monitor,
                     const Terminal& terminal, TimePoint now);
// Negative if the log is not what was written.
ExitStatus run_audit_verify(const AuditVerifyCommand& command, const MonitorCall& monitor,
                            const Terminal& terminal);

}  // namespace latchkey::cli
