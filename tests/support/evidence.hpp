// SPDX-License-Identifier: MIT
//
// Rows of docs/evidence.md. A test that shows a claim prints what it tried, how
// often, and what it found; scripts/evidence gathers the lines and makes the table.
#pragma once

#include <cstdlib>
#include <iostream>
#include <string>

namespace latchkey {

// `claim` as docs/threat-model.md names it ("G7 counting"), `tried` with its number
// ("1,000 processes at one barrier, 200 rounds"), `found` in one phrase ("at most 5 compared").
inline void evidence(const std::string& claim, const std::string& tried, const std::string& found) {
    std::cout << "evidence: " << claim << " | " << tried << " | " << found << std::endl;
}

// How often: the short form runs in every run of the tests, the long one under
// `scripts/evidence --long`, which sets LATCHKEY_LONG.
template <typename Number>
Number rounds(Number in_short, Number in_long) {
    return std::getenv("LATCHKEY_LONG") != nullptr ? in_long : in_short;
}

}  // namespace latchkey
