// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/account.hpp"

namespace latchkey {

// Whether it is known that the account can become root. can_become_root() says yes as well where a
// look-up fails, which is right for a rule and wrong for whom to tell something: then it is no
// here.
[[nodiscard]] bool is_known_administrator(const Account& account, const Settings& settings,
                                          const GroupDatabase& groups = host_groups());

}  // namespace latchkey
