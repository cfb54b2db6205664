// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "cli/terminal.hpp"

namespace latchkey::cli {

// How far something is, in one line on standard error that is drawn anew when a percent is done,
// and taken away at the end. Nothing where there is no terminal.
class ProgressBar {
public:
    ProgressBar(const Terminal& terminal, std::uint64_t total, bool is_wanted);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(std::uint64_t done);

private:
    const Terminal& terminal_;
    std::uint64_t total_;
    bool is_shown_;
    std::uint64_t percent_ = 101;  // none was drawn
};

}  // namespace latchkey::cli
