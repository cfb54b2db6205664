// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"
#include "cli/monitor_call.hpp"
#include "cli/terminal.hpp"

namespace latchkey::cli {

// One run over the outbox, and what became of the messages. ChannelFailed if some were not taken,
// TryLater if the run ended early, so that more may be due.
ExitStatus run_deliver(const DeliverCommand& command, const MonitorCall& monitor,
                       const Terminal& terminal);

}  // namespace latchkey::cli
