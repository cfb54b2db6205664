// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"
#include "cli/user_command_line.hpp"

namespace latchkey::cli {

// Root's `latchkey import` with its three formats; what is typed comes into `command`.
void describe_import(CLI::App& app, ImportCommand& command);

// That of everybody else, about their own app.
void describe_own_import(CLI::App& app, OwnImportCommand& command);

}  // namespace latchkey::cli
