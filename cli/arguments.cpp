// SPDX-License-Identifier: MIT
#include "cli/arguments.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "cli/argument_checks.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

constexpr std::size_t kMostArguments = 64;

}  // namespace

Result<void> check_bytes(const std::vector<std::string>& arguments) {
    if (arguments.size() > kMostArguments) {
        return usage("more than 64 arguments; see: latchkey --help");
    }
    for (const std::string& argument : arguments) {
        if (argument.size() > kLongestArgument) {
            return usage("an argument is longer than 4,096 bytes: " + shown(argument) +
                         "; shorten it");
        }
        if (!is_printable(argument)) {
            return usage("an argument holds other than printable ASCII: " + shown(argument) +
                         "; type it anew");
        }
    }
    return {};
}

void add_output(CLI::App& verb, Output& output, bool has_table) {
    verb.add_flag("--json", output.json, "Print JSON");
    if (!has_table) return;
    verb.add_flag("!--no-legend", output.legend, "Print tables without headings");
}

std::string sentence_of(const CLI::ParseError& error) {
    std::string text = error.what();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text + "; see: latchkey --help";
}

}  // namespace latchkey::cli
