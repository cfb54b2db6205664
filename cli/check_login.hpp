// SPDX-License-Identifier: MIT
//
// The programs around the stack: sshd, login's time limit, pam_faillock.
#pragma once

#include "cli/check_pam.hpp"
#include "cli/finding.hpp"
#include "cli/host.hpp"

namespace latchkey::cli {

// Never recommends keyboard-interactive where PasswordAuthentication is off: it
// would let passwords in again that the administrator shut out.
[[nodiscard]] Findings check_sshd(const Host& host);

[[nodiscard]] Findings check_login_timeout(const Host& host);

// Whether latchkey and pam_faillock look at the same tallies.
[[nodiscard]] Findings check_faillock(const Host& host, const std::vector<ServiceStack>& stacks);

}  // namespace latchkey::cli
