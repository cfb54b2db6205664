// SPDX-License-Identifier: MIT
#include "tests/crash/sweep.hpp"

#include <iostream>

#include "tests/support/evidence.hpp"

namespace latchkey::crash {
namespace {

// Two ends by a signal are none of ours: libsodium ends a process that gets no random
// bytes, by design and never the login program; and the dynamic loader does not look at
// every piece of memory it asks for, before the first instruction of a program.
bool is_meant(const Report& report, const Plan& plan, const std::string& died) {
    if (plan.program == "login") return false;
    return report.hit == "getrandom" || died.find(" in ld-linux") != std::string::npos;
}

std::string point(const Plan& plan, const Report& report) {
    return plan.program + ", call " + std::to_string(plan.nth) + " (" + report.hit + "): ";
}

void stop_one_program(Flow& flow, Plan plan, unsigned first, unsigned step, Tally& tally) {
    for (plan.nth = first;; plan.nth += step) {
        const Stop stop{plan};
        const Seen seen = flow.run(stop);
        const Report report = stop.report();
        if (report.hit.empty()) return;
        ++tally.points;
        for (const std::string& wrong : flow.violations(seen))
            tally.violations.push_back(point(plan, report) + wrong);
        for (const std::string& died : report.died)
            if (!is_meant(report, plan, died))
                tally.violations.push_back(point(plan, report) + "crashed: " + died);
    }
}

std::string how_many(unsigned points, unsigned step) {
    return std::to_string(points) + " calls" +
           (step == 1 ? ", all there are" : ", every " + std::to_string(step) + "th");
}

}  // namespace

Tally stop_everywhere(Flow& flow, const std::string& claim, const std::string& set, bool kill,
                      unsigned short_step) {
    const unsigned step = rounds(short_step, 1U);
    Tally all;
    unsigned first = 0;
    for (Plan plan : flow.programs()) {
        plan.set = set;
        plan.kill = kill;
        Tally tally;
        stop_one_program(flow, plan, first++ % step + 1, step, tally);
        evidence(claim, plan.program + " at " + how_many(tally.points, step),
                 std::to_string(tally.violations.size()) + " violations");
        for (const std::string& violation : tally.violations)
            std::cout << "violation: " << violation << std::endl;
        all.points += tally.points;
        all.violations.insert(all.violations.end(), tally.violations.begin(),
                              tally.violations.end());
    }
    return all;
}

}  // namespace latchkey::crash
