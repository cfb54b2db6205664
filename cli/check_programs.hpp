// SPDX-License-Identifier: MIT
#pragma once

#include "cli/finding.hpp"
#include "cli/host.hpp"

namespace latchkey::cli {

// Whether what a channel with profile = "program" starts could leave something behind by
// cron or at, where nobody who started it finds it. Nothing where no channel runs programs.
[[nodiscard]] Findings check_programs(const Host& host);

}  // namespace latchkey::cli
