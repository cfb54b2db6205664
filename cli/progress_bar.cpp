// SPDX-License-Identifier: MIT
#include "cli/progress_bar.hpp"

#include <algorithm>

namespace latchkey::cli {

namespace {
constexpr std::uint64_t kWidth = 40;
constexpr std::size_t kLongestLine = 79;
}  // namespace

ProgressBar::ProgressBar(const Terminal& terminal, std::uint64_t total, bool is_wanted)
    : terminal_(terminal),
      total_(total),
      is_shown_(is_wanted && terminal.shows_progress && total > 0) {}

ProgressBar::~ProgressBar() {
    if (is_shown_ && percent_ <= 100)
        terminal_.err << '\r' << std::string(kLongestLine, ' ') << '\r' << std::flush;
}

void ProgressBar::show(std::uint64_t done) {
    if (!is_shown_) return;
    const std::uint64_t percent = std::min<std::uint64_t>(100, 100 * done / total_);
    if (percent == percent_) return;
    percent_ = percent;
    const std::uint64_t filled = kWidth * percent / 100;
    const bool coloured = terminal_.has_coloured_progress;
    terminal_.err << "\r[" << (coloured ? "\x1b[32m" : "") << std::string(filled, '#')
                  << (coloured ? "\x1b[0m" : "") << std::string(kWidth - filled, '.') << "] "
                  << percent << " % of " << total_ << " rows" << std::flush;
}

}  // namespace latchkey::cli
