// SPDX-License-Identifier: MIT
//
// What an account is told at its logins, once they have succeeded: a recovery and
// whatever else the root side wants its owner to learn of (monitor/announcements.hpp), then
// what it is reminded of.
#pragma once

#include "pam_module/arguments.hpp"
#include "pam_module/handle.hpp"

namespace latchkey::pam {

// Tells the lines that are not over, and reminds. Waits for nothing but a person's own answer,
// and asks no directory; what cannot be read is not told, and no login is refused for it.
void begin_session(const Handle& handle, const Arguments& arguments);

}  // namespace latchkey::pam
