// SPDX-License-Identifier: MIT
#pragma once

#include "core/change_context.hpp"

namespace latchkey {

// After a veto nothing is changed for so long.
inline constexpr std::chrono::hours kFrozen{24};

// Until when no change is made; 1970: now.
[[nodiscard]] Result<TimePoint> frozen_until(const ChangeContext& change);

// With a code the veto that it is: it ends that one change. Without one, every recovery that is
// open, and all changes for a day.
[[nodiscard]] Result<ChangeEnd> deny(ChangeContext& change);

}  // namespace latchkey
