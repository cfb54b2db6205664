// SPDX-License-Identifier: MIT
//
// latchkey pass: asked of the monitor, shown as sentences, a table or JSON.
#pragma once

#include "cli/command_line.hpp"
#include "cli/monitor_call.hpp"
#include "cli/terminal.hpp"

namespace latchkey::cli {

ExitStatus run_pass_issue(const PassIssueCommand& command, const MonitorCall& monitor,
                          const Terminal& terminal);
ExitStatus run_pass_list(const PassListCommand& command, const MonitorCall& monitor,
                         const Terminal& terminal);
ExitStatus run_pass_revoke(const PassRevokeCommand& command, const MonitorCall& monitor,
                           const Terminal& terminal);

}  // namespace latchkey::cli
