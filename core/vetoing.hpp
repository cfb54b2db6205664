// SPDX-License-Identifier: MIT
#pragma once

#include "core/change_context.hpp"

namespace latchkey {

// Until when no change is made; 1970: now.
[[nodiscard]] Result<TimePoint> frozen_until(const ChangeContext& change);

// With a code the veto that it is: it ends that one change. Without one, every recovery that is
// open ends, and what waits or goes does so for a day longer.
[[nodiscard]] Result<ChangeEnd> deny(ChangeContext& change);

}  // namespace latchkey
