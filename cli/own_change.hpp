// SPDX-License-Identifier: MIT
#pragma once

#include "cli/user_verbs.hpp"

namespace latchkey::cli {

// One verb of an ordinary user that changes something of their own account.
ExitStatus run_own_change(const UserChangeCommand& command, const UserSurroundings& on);

}  // namespace latchkey::cli
