// SPDX-License-Identifier: MIT
//
// Whether it is the owner who sits there, and not only a process of theirs: the password is
// asked for by the host's own modules (PAM service latchkey-enrol), anew for every change.
#pragma once

#include <string>

#include "monitor/account.hpp"
#include "monitor/claimant.hpp"

namespace latchkey {

// Empty: it is. Otherwise why not, and what to do: one sentence.
[[nodiscard]] std::string why_not_owner(Claimant& claimant, const Account& account);

}  // namespace latchkey
