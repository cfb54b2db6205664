// SPDX-License-Identifier: MIT
//
// Runs a program to its end and keeps what it said. No shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace latchkey {

struct Completed {
    int status = -1;  // exit status; 128 + N if signal N ended it; 127 if it could not be started
    std::string out;
    std::string err;
};

// argv[0] is looked up in PATH. Throws std::system_error only if this process
// itself runs out of something.
[[nodiscard]] Completed run_command(const std::vector<std::string>& argv,
                                    std::string_view input = {});

// The same; throws std::runtime_error with everything it said unless it exits 0.
std::string must_run(const std::vector<std::string>& argv, std::string_view input = {});

}  // namespace latchkey
