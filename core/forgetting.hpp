// SPDX-License-Identifier: MIT
//
// Everything that is set up goes at once, as an owner may ask.
#pragma once

#include <functional>

#include "core/change_context.hpp"

namespace latchkey {

// All of it goes on counting until the time in which whoever is told can end it is over, as
// where the last way is removed: a thief who sits in a session must not get rid of what would
// warn the owner. What does not count yet never will.
[[nodiscard]] Result<ChangeEnd> forget_everything(ChangeContext& change);

// What `forgotten` let go goes at `gone_from(until now)` in its place; 1970: it stays. What was
// being removed already goes on.
[[nodiscard]] Result<void> move_forgotten(const ChangeContext& change, const Change& forgotten,
                                          const std::function<TimePoint(TimePoint)>& gone_from,
                                          EndedChanges& ends);

}  // namespace latchkey
