// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command_line.hpp"
#include "cli/import_call.hpp"
#include "cli/terminal.hpp"

namespace latchkey::cli {

// Reads the file, has the monitor check every row of it and write all or none, and tells of the
// first hundred bad ones.
ExitStatus run_import(const ImportCommand& command, const ImportCall& import_rows,
                      const Terminal& terminal);

}  // namespace latchkey::cli
