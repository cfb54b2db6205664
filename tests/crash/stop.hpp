// SPDX-License-Identifier: MIT
//
// A test's hold on stop_at (stop_at.cpp): one run of a flow, stopped at one point.
#pragma once

#include <string>
#include <vector>

#include "tests/crash/tracer.hpp"

namespace latchkey::crash {

class Stop {
public:
    explicit Stop(Plan plan);

    // `argv`, to be started under stop_at.
    [[nodiscard]] std::vector<std::string> around(const std::vector<std::string>& argv) const;
    // Waits until everything that was started has ended. Throws if something goes on.
    [[nodiscard]] Report report() const;

private:
    Plan plan_;
};

}  // namespace latchkey::crash
