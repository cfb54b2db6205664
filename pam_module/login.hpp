// SPDX-License-Identifier: MIT
//
// What happens at the login prompt: "Password: ", and on Enter the reason
// question, the recovery, and back to the host's own modules.
#pragma once

#include "pam_module/arguments.hpp"
#include "pam_module/exit_code.hpp"
#include "pam_module/handle.hpp"

namespace latchkey::pam {

// `flags` are pam_sm_authenticate's.
[[nodiscard]] LoginOutcome authenticate(const Handle& handle, const Arguments& arguments,
                                        int flags);

}  // namespace latchkey::pam
