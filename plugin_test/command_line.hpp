// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"

namespace latchkey::plugin_test {

struct CommandLine {
    std::string file;
    std::string config;        // empty: none
    std::string live_address;  // empty: nothing is sent
    bool json = false;
    std::string text;  // not empty: print it and do nothing else (--help, --version)
};

// `arguments` without the program's name. Rejected with one sentence.
[[nodiscard]] Result<CommandLine> parse_command_line(const std::vector<std::string>& arguments);

}  // namespace latchkey::plugin_test
