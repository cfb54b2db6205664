// SPDX-License-Identifier: MIT
//
// What root's command line and an ordinary user's have in common.
#pragma once

#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "core/result.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace latchkey::cli {

// Before anything looks at an argument: no control characters, no half letters.
[[nodiscard]] Result<void> check_bytes(const std::vector<std::string>& arguments);
void add_output(CLI::App& verb, Output& output, bool has_table);
// CLI11's own sentence as one line of ours.
[[nodiscard]] std::string sentence_of(const CLI::ParseError& error);

}  // namespace latchkey::cli
