// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace latchkey::plugin_test {

struct StrangersBytes {
    std::string name;  // "a line end"
    std::string bytes;
};

// What strangers put where text is expected.
[[nodiscard]] std::vector<StrangersBytes> strangers_bytes();

}  // namespace latchkey::plugin_test
