// SPDX-License-Identifier: MIT
//
// Everything that is set up goes at once, as an owner may ask.
#pragma once

#include "core/change_context.hpp"

namespace latchkey {

// All of it goes on counting until the time in which whoever is told can end it is over, as
// where the last way is removed: a thief who sits in a session must not get rid of what would
// warn the owner. What does not count yet never will.
[[nodiscard]] Result<ChangeEnd> forget_everything(ChangeContext& change);

// Of a veto: what that took away, as it was before. What was being removed already goes on.
[[nodiscard]] Result<void> restore_forgotten(const ChangeContext& change, UsedVeto& used);

}  // namespace latchkey
