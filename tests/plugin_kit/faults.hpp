// SPDX-License-Identifier: MIT
//
// The faulty plugins as faults.txt names them.
#pragma once

#include <fstream>
#include <string>
#include <vector>

namespace latchkey {

struct Fault {
    std::string kind;   // empty: it delivers; "app": it checks answers; "ask": it asks devices
    std::string name;   // of the plugin, and of its file without ".so"
    std::string check;  // of the tester, the one that it fails
};

inline std::vector<Fault> all_faults() {
    std::ifstream in{LATCHKEY_TEST_FAULTS};
    std::vector<Fault> faults;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.front() == '#') continue;
        const std::size_t colon = line.find(": ");
        const std::string name = line.substr(0, colon);
        const bool has_kind = name.starts_with("app:") || name.starts_with("ask:");
        faults.push_back({has_kind ? name.substr(0, 3) : "", has_kind ? name.substr(4) : name,
                          line.substr(colon + 2)});
    }
    return faults;
}

}  // namespace latchkey
