// SPDX-License-Identifier: MIT
//
// The last step of a change: announced to the root side, recorded in the store, told.
#pragma once

#include "core/change_context.hpp"

namespace latchkey {

// `is_first`: nothing was enrolled before. Rejected: Store::record_change has refused it. With
// every error nothing is changed.
[[nodiscard]] Result<void> commit_change(const ChangeContext& change,
                                         const RecordedChange& recorded, bool is_first = false);

}  // namespace latchkey
