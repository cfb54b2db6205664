// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace latchkey {

struct LandlockRules {
    std::vector<std::string> readable;     // files or directories; passed over if absent
    std::string writable_directory;        // empty: none; must exist otherwise
    bool renames_across = false;           // also from one directory below it to another
    std::vector<std::uint16_t> tcp_ports;  // that may be connected to; none may be bound
};

// Restricts this process to the rules, as far as the running kernel can; does
// nothing on a kernel without Landlock. Needs no_new_privs.
Result<void> restrict_with_landlock(const LandlockRules& rules);

}  // namespace latchkey
