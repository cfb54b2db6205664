// SPDX-License-Identifier: MIT
#pragma once

#include "core/change_context.hpp"

namespace latchkey {

// The owner says that the addresses of which a confirmation is due still reach them: their time
// until they expire begins anew. What has expired comes back by a code that is sent there, and by
// nobody's word.
[[nodiscard]] Result<ChangeEnd> confirm_addresses(ChangeContext& change);

}  // namespace latchkey
