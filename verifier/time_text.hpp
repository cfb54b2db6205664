// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/recovery.hpp"

namespace latchkey {

// ISO 8601, UTC: "2026-11-24T03:45:11Z".
[[nodiscard]] std::string iso_time(TimePoint time);

}  // namespace latchkey
