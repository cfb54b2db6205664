// SPDX-License-Identifier: MIT
#include "tests/system/days_ahead.hpp"

#include <string>

#include "tests/system/machine.hpp"

namespace latchkey {

namespace {

// Where everybody can read it; the build tree may be closed to others.
constexpr const char* kClock = "/usr/lib/days-ahead-clock.so";

}  // namespace

void let_days_pass(int days_since_the_start) {
    must_run({"install", "-m", "0755", LATCHKEY_TEST_DAYS_AHEAD_CLOCK, kClock});
    write_file("/etc/days-ahead", std::to_string(days_since_the_start) + "\n");
    write_file("/etc/ld.so.preload", std::string{kClock} + "\n");
}

}  // namespace latchkey
