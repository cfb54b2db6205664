// SPDX-License-Identifier: MIT
#pragma once

#include "core/change_context.hpp"

namespace latchkey {

// A new address counts only after a code that was sent to it came back, and one that is there
// is confirmed anew by it.
[[nodiscard]] Result<ChangeEnd> enrol_address(ChangeContext& change);
// An app or a token, after one code of it.
[[nodiscard]] Result<ChangeEnd> enrol_new_authenticator(ChangeContext& change);

}  // namespace latchkey
