// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace latchkey {

// Processes that run `mark` or have it in their command line, zombies left out.
// `mark` is to be found nowhere else: a path or number of one test.
[[nodiscard]] std::vector<pid_t> processes_with(const std::string& mark);

}  // namespace latchkey
