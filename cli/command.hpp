// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "cli/host.hpp"
#include "cli/monitor_call.hpp"
#include "cli/setup.hpp"
#include "cli/terminal.hpp"

namespace latchkey::cli {

// The whole command: arguments without argv[0], the exit status. `is_root` is
// whether the caller may do anything but read the help.
ExitStatus run_command(const std::vector<std::string>& arguments, bool is_root, const Host& host,
                       const MonitorCall& monitor, const SendTest& send_test,
                       const Terminal& terminal);

}  // namespace latchkey::cli
