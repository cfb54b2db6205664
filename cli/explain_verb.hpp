// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command_line.hpp"
#include "cli/monitor_call.hpp"
#include "cli/terminal.hpp"

namespace latchkey::cli {

// Says of each way whether it proves something now, and if not, why and what to do. Negative: the
// account cannot be recovered at a console now.
ExitStatus run_explain(const ExplainCommand& command, const MonitorCall& monitor,
                       const Terminal& terminal);

}  // namespace latchkey::cli
