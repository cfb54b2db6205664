// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"

namespace latchkey::cli {

// `latchkey import` with its three formats; what is typed comes into `command`.
void describe_import(CLI::App& app, ImportCommand& command);

}  // namespace latchkey::cli
