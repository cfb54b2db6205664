// SPDX-License-Identifier: MIT
#pragma once

#include "cli/finding.hpp"
#include "cli/host.hpp"

namespace latchkey::cli {

// Whether this host's own mailboxes would be known for what they are. A host's name is compared
// with addresses, and most hosts' names have no domain, but the mail server's has.
[[nodiscard]] Findings check_own_mail(const Host& host);

// Whether those who run this host are told what they named addresses for.
[[nodiscard]] Findings check_administrator_mail(const Host& host);

}  // namespace latchkey::cli
