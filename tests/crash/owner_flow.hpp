// SPDX-License-Identifier: MIT
//
// What the owner of an account changes without root, stopped.
#pragma once

#include <string>
#include <vector>

#include "tests/crash/flows.hpp"

namespace latchkey::crash {

// ada proves her first address and has a second one enrolled, over the users' socket.
class OwnerEnrol final : public Flow {
public:
    OwnerEnrol();
    [[nodiscard]] std::vector<Plan> programs() const override;

private:
    // Who serves the socket is started with it, and ends with it: all of them are traced.
    [[nodiscard]] std::vector<std::string> command() const override;
    void play(Terminal& terminal, Seen& seen) override;
    void enrol(Terminal& terminal, Seen& seen);
    void go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) override;
    [[nodiscard]] std::vector<Notice> notices(const Disk& disk) const override;
};

}  // namespace latchkey::crash
