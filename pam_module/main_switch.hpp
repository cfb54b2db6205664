// SPDX-License-Identifier: MIT
#pragma once

namespace latchkey::pam {

// Whether /etc/latchkey/enabled is there: `rm` of it switches everything off at the next login.
[[nodiscard]] bool is_switched_on();

}  // namespace latchkey::pam
