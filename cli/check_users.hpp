// SPDX-License-Identifier: MIT
#pragma once

#include "cli/finding.hpp"
#include "cli/host.hpp"

namespace latchkey::cli {

// Whether users of this host can set up for themselves how they get back in: the socket is
// everybody's to connect to and root's, somebody listens there, and the PAM service that asks for
// their password exists. A fault where policy sends them there (registration), else a warning.
[[nodiscard]] Findings check_users(const Host& host);

}  // namespace latchkey::cli
