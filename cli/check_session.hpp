// SPDX-License-Identifier: MIT
#pragma once

#include "cli/check_pam.hpp"
#include "cli/finding.hpp"
#include "cli/host.hpp"

namespace latchkey::cli {

// Whether what the root side announces is told at logins: where recovery is offered,
// pam_latchkey has to stand in the session stack as well. The profile of an earlier
// package does not have that line; recovery works without it.
[[nodiscard]] Findings check_session_stacks(const Host& host,
                                            const std::vector<ServiceStack>& stacks);

}  // namespace latchkey::cli
