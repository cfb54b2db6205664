// SPDX-License-Identifier: MIT
//
// A machine on which days have passed, for what waits longer than a test can.
#pragma once

namespace latchkey {

// Every program of the sandbox that is started from now on reads a clock so many days ahead of
// the true one; those that run do not.
void let_days_pass(int days_since_the_start);

}  // namespace latchkey
