// SPDX-License-Identifier: MIT
#pragma once

#include "core/change_context.hpp"

namespace latchkey {

// What is removed counts until its time is over, so that whoever was told can end the removal;
// what does not count yet is gone at once. Where nothing that counts now would stay, all of it
// waits longer, and what is new with it.
[[nodiscard]] Result<ChangeEnd> remove_way(ChangeContext& change);

}  // namespace latchkey
