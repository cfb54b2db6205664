// SPDX-License-Identifier: MIT
#include "tests/crash/sweep.hpp"

#include <algorithm>
#include <filesystem>
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

// pam_unix takes an error at a row of shadow for its end, and what it has read so far for
// all of it, in passwd(1) as in a recovery. The next flow begins with shadow as it was.
// Only where shadow was cut indeed is what follows of it let off.
bool is_pam_unix_losing_shadow(const Report& report, const std::vector<std::string>& wrongs) {
    return report.caller == "pam_unix.so" && (report.hit == "read" || report.hit == "lseek") &&
           std::find(wrongs.begin(), wrongs.end(), Flow::kFilesAreCut) != wrongs.end();
}

// libpam_misc's conversation does not look whether the terminal's echo went off, in a login
// with latchkey as in one without.
bool is_libpam_misc_with_echo(const Report& report, const std::string& wrong) {
    return report.caller.starts_with("libpam_misc.so") && report.hit == "ioctl" &&
           wrong == Flow::kPasswordIsSeen;
}

std::string point(const Report& report, const Plan& plan) {
    const std::string whose = report.caller.empty() ? "" : " in " + report.caller;
    return plan.program + ", call " + std::to_string(report.calls) + " (" + report.hit + whose +
           "): ";
}

// What one run of the program came to; no call was hit in the last one.
Report stop_once(Flow& flow, const Plan& plan, Tally& tally) {
    const Stop stop{plan};
    Seen seen = flow.run(stop);
    Report report = stop.report();
    if (report.hit.empty()) return report;
    // The login program writes to the terminal alone: a prompt was lost, and nobody answers it.
    if (!plan.kill && plan.program == "login" && report.hit == "write") seen.hung.clear();
    ++tally.points;
    const auto wrongs = flow.violations(seen);
    if (!is_pam_unix_losing_shadow(report, wrongs))
        for (const std::string& wrong : wrongs)
            if (!is_libpam_misc_with_echo(report, wrong)) note(tally, point(report, plan) + wrong);
    for (const std::string& died : report.died)
        if (!is_meant(report, plan, died)) note(tally, point(report, plan) + "crashed: " + died);
    return report;
}

std::string stop_at_each(Flow& flow, Plan plan, unsigned first, unsigned step, Tally& tally) {
    plan.nth = first;
    while (!stop_once(flow, plan, tally).hit.empty()) plan.nth += step;
    return std::to_string(tally.points) + " calls" +
           (step == 1 ? ", all there are" : ", every " + std::to_string(step) + "th");
}

// One run for each place that makes a call, until a whole run comes by none that is new.
std::string stop_at_each_site(Flow& flow, Plan plan, Tally& tally) {
    plan.tried = "/run/latchkey-tried-sites";
    std::filesystem::remove(plan.tried);
    Report report;
    do report = stop_once(flow, plan, tally);
    while (!report.hit.empty());
    return std::to_string(tally.points) + " sites, all there are in " +
           std::to_string(report.calls) + " calls";
}

void tell(const std::string& claim, const Plan& plan, const std::string& tried,
          const Tally& tally) {
    evidence(claim, plan.program + " at " + tried,
             std::to_string(tally.violations.size()) + " violations");
}

void add(Tally& all, const Tally& one) {
    all.points += one.points;
    all.violations.insert(all.violations.end(), one.violations.begin(), one.violations.end());
}

}  // namespace

void note(Tally& tally, const std::string& violation) {
    std::cout << "violation: " << violation << std::endl;
    tally.violations.push_back(violation);
}

Tally kill_everywhere(Flow& flow, const std::string& claim, unsigned short_step) {
    const unsigned step = rounds(short_step, 1U);
    Tally all;
    unsigned first = 0;
    for (Plan plan : flow.programs()) {
        plan.set = "changes";
        Tally tally;
        const std::string tried = stop_at_each(flow, plan, first++ % step + 1, step, tally);
        tell(claim, plan, tried, tally);
        add(all, tally);
    }
    return all;
}

Tally fail_everywhere(Flow& flow, const std::string& claim, unsigned short_step) {
    Tally all;
    unsigned first = 0;
    for (Plan plan : flow.programs()) {
        plan.set = "fails";
        plan.kill = false;
        Tally tally;
        const std::string tried =
            rounds(false, true)
                ? stop_at_each_site(flow, plan, tally)
                : stop_at_each(flow, plan, first++ % short_step + 1, short_step, tally);
        tell(claim, plan, tried, tally);
        add(all, tally);
    }
    return all;
}

Tally break_disk_everywhere(Flow& flow, const std::string& claim, unsigned step) {
    Plan plan{"all programs", "storage"};
    plan.kill = false;
    plan.below = "/var/lib/latchkey";  // the store and the ledger
    Tally tally;
    const std::string tried = stop_at_each(flow, plan, 1, step, tally);
    tell(claim, plan, tried, tally);
    return tally;
}

}  // namespace latchkey::crash
