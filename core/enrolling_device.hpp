// SPDX-License-Identifier: MIT
#pragma once

#include "core/change_context.hpp"

namespace latchkey {

// A device counts only after its holder has chosen the number of the screen on it. Another way
// has been proven before; the account is none that can become root.
[[nodiscard]] Result<ChangeEnd> enrol_device(ChangeContext& change);

}  // namespace latchkey
