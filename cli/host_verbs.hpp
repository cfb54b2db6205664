// SPDX-License-Identifier: MIT
//
// The verbs about this host: check and setup, with what they print.
#pragma once

#include "cli/command_line.hpp"
#include "cli/host.hpp"
#include "cli/monitor_call.hpp"
#include "cli/setup.hpp"
#include "cli/terminal.hpp"

namespace latchkey::cli {

ExitStatus run_check(const CheckCommand& command, const Host& host, const MonitorCall& monitor,
                     const Terminal& terminal);
ExitStatus run_setup(const SetupCommand& command, const Host& host, const MonitorCall& monitor,
                     const SendTest& send_test, const Terminal& terminal);

}  // namespace latchkey::cli
