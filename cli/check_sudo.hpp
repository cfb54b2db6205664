// SPDX-License-Identifier: MIT
#pragma once

#include "cli/finding.hpp"
#include "cli/host.hpp"

namespace latchkey::cli {

// Whom sudoers(5) and doas.conf(5) name and privileged_groups and privileged_users do not:
// they may become root, and recovery would treat them as everybody else. Read by signs, not
// by sudo's grammar: a name too many is a warning too many, and so is a file that is not read.
[[nodiscard]] Findings check_sudo(const Host& host);

}  // namespace latchkey::cli
