// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "cli/channel_call.hpp"
#include "cli/host.hpp"
#include "cli/import_call.hpp"
#include "cli/monitor_call.hpp"
#include "cli/setup.hpp"
#include "cli/terminal.hpp"
#include "cli/test_approval.hpp"

namespace latchkey::cli {

// What the command works on; everything outlives it.
struct Surroundings {
    const Host& host;
    const MonitorCall& monitor;
    const ImportCall& import_rows;
    const SendTest& send_test;
    const CallChannel& call_channel;
    const Waiting& waiting;
    const Terminal& terminal;
};

// The whole of root's command: arguments without argv[0], the exit status.
ExitStatus run_command(const std::vector<std::string>& arguments, const Surroundings& surroundings);

}  // namespace latchkey::cli
