// SPDX-License-Identifier: MIT
#pragma once

#include "core/change_context.hpp"

namespace latchkey {

// The owner says that the addresses which count still reach them: their time until they expire
// begins anew. One that waits, is going or has expired is as it was.
[[nodiscard]] Result<ChangeEnd> confirm_addresses(ChangeContext& change);

}  // namespace latchkey
