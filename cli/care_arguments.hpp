// SPDX-License-Identifier: MIT
//
// The arguments of what administrators do for people beside enrolling them: remove, purge, reset,
// explain and policy.
#pragma once

#include <string>

#include "cli/command_line.hpp"

namespace CLI {
class App;
}

namespace latchkey::cli {

// What CLI11 fills.
struct CareArguments {
    RemoveCommand remove;
    PurgeCommand purge;
    ResetCommand reset;
    ExplainCommand explain;
    PolicyCheckCommand policy;
};

void describe_care(CLI::App& app, CareArguments& arguments);
[[nodiscard]] bool is_about_care(const std::string& verb);
Result<Command> checked_care(const std::string& verb, CareArguments arguments);

}  // namespace latchkey::cli
