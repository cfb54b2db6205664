// SPDX-License-Identifier: MIT
//
// The arguments of latchkey pass: issue, list and revoke.
#pragma once

#include <cstdint>
#include <string>

#include "cli/command_line.hpp"

namespace CLI {
class App;
}

namespace latchkey::cli {

// What the parser fills.
struct PassArguments {
    PassIssueCommand issue;
    PassListCommand list;
    PassRevokeCommand revoke;
    std::string life = "1h";
    bool once = false;
};

// `arguments` outlives `app`.
void describe_pass(CLI::App& app, PassArguments& arguments);
// `verb` is "pass", with one of its subcommands. Rejected: with the sentence to print.
[[nodiscard]] Result<Command> checked_pass(const CLI::App& verb, PassArguments arguments);

}  // namespace latchkey::cli
