// SPDX-License-Identifier: MIT
//
// kill -9 of each process of a flow at each call that changes something: attempts on
// disk >= attempts compared, no code accepted twice, the password old or new, every
// act counted, every notice delivered once, the store whole, nothing left running, the
// next recovery works. Of a change of security info: there as a whole or not at all, told
// if it is there, and audit verify finds no fault. How the points are found is in stop_at.cpp.
#include "tests/crash/administrators_flows.hpp"
#include "tests/crash/owner_flow.hpp"
#include "tests/crash/sweep.hpp"
#include "tests/support/catch.hpp"

namespace latchkey::crash {
namespace {

void check_kills(Flow& flow, const std::string& name) {
    const Tally tally = kill_everywhere(flow, "G8 kill -9, " + name, 19);
    CHECK(tally.points > 5);
    CHECK(tally.violations.empty());
}

}  // namespace

TEST_CASE("G8 a reset that is killed at any call loses nothing and gives nothing away") {
    Reset flow;
    check_kills(flow, "reset");
}

TEST_CASE("G8 an unlock that is killed at any call loses nothing and gives nothing away") {
    Unlock flow;
    check_kills(flow, "unlock");
}

TEST_CASE("G8 a code that is sent again and killed at any call is good once or never") {
    Resend flow;
    check_kills(flow, "resend");
}

TEST_CASE("G8 an enrolment that is killed at any call can be made again") {
    Enrol flow;
    check_kills(flow, "enrol");
}

TEST_CASE("G8 an owner's enrolment that is killed at any call is whole or not there, and told") {
    OwnerEnrol flow;
    check_kills(flow, "owner's enrolment");
}

TEST_CASE("G8 a pass whose issue is killed at any call opens nothing that nobody was told of") {
    IssuePass flow;
    check_kills(flow, "pass");
}

TEST_CASE("G8 an end of a lockout that is killed at any call is told, or has not happened") {
    EndLockout flow;
    check_kills(flow, "end of a lockout");
}

TEST_CASE("G8 an import that is killed at any call is whole or not there, and told once") {
    Import flow;
    check_kills(flow, "import");
}

}  // namespace latchkey::crash
