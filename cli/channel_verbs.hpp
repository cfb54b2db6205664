// SPDX-License-Identifier: MIT
//
// The verbs about channels: what there is and whether it works, and a message for real.
#pragma once

#include "cli/channel_call.hpp"
#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"
#include "cli/host.hpp"
#include "cli/monitor_call.hpp"
#include "cli/terminal.hpp"
#include "cli/test_approval.hpp"

namespace latchkey::cli {

// Asks every delivery channel, as the probes do, and sends nothing. Status ChannelFailed
// if one of them would not take a message. The monitor tells how much of the budgets is used.
ExitStatus run_channels(const ChannelsCommand& command, const Host& host,
                        const MonitorCall& monitor, const CallChannel& call,
                        const Terminal& terminal);

// Settings, probe, message: each step with what came of it. A channel that fails its probe is
// sent the message all the same. Of a channel that asks devices: settings, request, answer.
ExitStatus run_test(const TestCommand& command, const Host& host, const CallChannel& call,
                    const Waiting& waiting, const Terminal& terminal);

}  // namespace latchkey::cli
