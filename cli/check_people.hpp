// SPDX-License-Identifier: MIT
//
// Who could get back in, and who would be stranded: asked of the monitor.
#pragma once

#include "cli/finding.hpp"
#include "cli/monitor_call.hpp"
#include "core/recovery.hpp"

namespace latchkey::cli {

[[nodiscard]] Findings check_people(const MonitorCall& monitor, TimePoint now);

}  // namespace latchkey::cli
