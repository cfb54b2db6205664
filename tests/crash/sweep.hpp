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
    unsigned let_off = 0;  // ended by a fault of somebody else, named in the row
    std::vector<std::string> violations;
};

// Prints it at once: a long form may be ended by whoever waits for it.
void note(Tally& tally, const std::string& violation);

// Every process of `flow` is killed at its n-th call that changes something, for all n, or
// in the short form for every `short_step`-th n (beginning with another one for each process).
// Prints a row of the evidence table for each process.
Tally kill_everywhere(Flow& flow, const std::string& claim, unsigned short_step);

// In every process of `flow` one call fails: one of each place in a program that makes
// calls (sites.hpp), or in the short form every `short_step`-th call. The same rows.
Tally fail_everywhere(Flow& flow, const std::string& claim, unsigned short_step);

// The disk below latchkey's files breaks at the n-th access and stays broken until the
// flow is over, for every n, or every `step`-th.
Tally break_disk_everywhere(Flow& flow, const std::string& claim, unsigned step);

}  // namespace latchkey::crash
