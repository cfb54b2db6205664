// SPDX-License-Identifier: MIT
//
// Our lines in /etc/pam.d/latchkey-password. The first asks for the new password
// if no quality module has, and has it judged before pam_unix writes; the last
// hands over what was written. Both do the same thing: the monitor, which runs
// the transaction, knows which hand-over is the first of a try.
#pragma once

#include "pam_module/handle.hpp"

namespace latchkey::pam {

// PAM_SUCCESS only if the monitor said so, in each of libpam's two passes; an
// application other than the monitor answers PAM_CONV_ERR, which refuses.
[[nodiscard]] int change_password(const Handle& handle, int flags);

}  // namespace latchkey::pam
