// SPDX-License-Identifier: MIT
#pragma once

#include "core/change_context.hpp"

namespace latchkey {

// What is removed counts until its time is over, so that whoever was told can end the removal.
// Where nothing that counts now would stay, it all waits longer, and what is new with it.
[[nodiscard]] Result<ChangeEnd> remove_way(ChangeContext& change);

// The app or token as it is written when it goes then; 1970: it stays after all. Errors are
// those of a key that does not open.
[[nodiscard]] Result<Authenticator> goes_from(const ChangeContext& change, const Authenticator& app,
                                              TimePoint until);

}  // namespace latchkey
