// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/message.hpp"
#include "monitor/account.hpp"
#include "monitor/claimant.hpp"
#include "monitor/root_side.hpp"

namespace latchkey {

// A member of the help desk asks about somebody else's account: after their own password, and
// never about an account that can become root, another member's, or, but to read, their own.
// Every act is counted before it is done, and stands in the audit log with the helper's name.
void serve_help(Claimant& helper_at, const wire::AdminRequest& request, const Account& helper,
                const RootSide& on);

}  // namespace latchkey
