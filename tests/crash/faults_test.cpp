// SPDX-License-Identifier: MIT
//
// Every call of a flow that can fail fails once, in each process: the kernel says that
// there is no space, no descriptor, no memory, an error of the disk. Nothing crashes, and
// all that holds after a crash (crash_test.cpp) holds as well.
#include "tests/crash/administrators_flows.hpp"
#include "tests/crash/sweep.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"

namespace latchkey::crash {
namespace {

void check_faults(Flow& flow, const std::string& name) {
    const Tally tally = fail_everywhere(flow, "G2 one call fails, " + name, 149);
    CHECK(tally.points > 5);
    CHECK(tally.violations.empty());
}

}  // namespace

TEST_CASE("G2 a reset in which any call fails is refused or goes on, and nothing crashes") {
    Reset flow;
    check_faults(flow, "reset");
}

TEST_CASE("G2 an unlock in which any call fails is refused or goes on, and nothing crashes") {
    Unlock flow;
    check_faults(flow, "unlock");
}

TEST_CASE("G2 a code that is sent again while any call fails is good once or never") {
    Resend flow;
    check_faults(flow, "resend");
}

TEST_CASE("G2 an enrolment in which any call fails can be made again") {
    Enrol flow;
    check_faults(flow, "enrol");
}

TEST_CASE("G9 a reset whose disk breaks at any access is refused and loses nothing") {
    Reset flow;
    const Tally tally = break_disk_everywhere(flow, "G9 broken disk, reset", rounds(37U, 1U));
    CHECK(tally.points > 5);
    CHECK(tally.violations.empty());
}

}  // namespace latchkey::crash
