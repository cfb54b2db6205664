// SPDX-License-Identifier: MIT
//
// Stops a flow at one point after the other and gathers what did not hold.
#pragma once

#include <string>
#include <vector>

#include "tests/crash/flows.hpp"

namespace latchkey::crash {

struct Tally {
    unsigned points = 0;
    std::vector<std::string> violations;
};

// Every process of `flow`, at the n-th call of `set` for all n, or in the short form for
// every `short_step`-th n (beginning with another one for each process). Prints a row of
// the evidence table for each process, and each violation.
Tally stop_everywhere(Flow& flow, const std::string& claim, const std::string& set, bool kill,
                      unsigned short_step);

}  // namespace latchkey::crash
