// SPDX-License-Identifier: MIT
//
// Whether it is the owner who sits there, and not only a process of theirs: the password is
// asked for by the host's own modules (PAM service latchkey-enrol), anew for every change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "monitor/account.hpp"
#include "monitor/claimant.hpp"

namespace latchkey {

// Why it is not: one sentence with what to do, and what latchkey(1) exits with (EXIT STATUS).
struct NotOwner {
    std::uint8_t exit_status = 0;
    std::string why;
};

// Nothing: it is.
[[nodiscard]] std::optional<NotOwner> why_not_owner(Claimant& claimant, const Account& account);

// What the host's modules said, a result of PAM. Nothing: PAM_SUCCESS alone.
[[nodiscard]] std::optional<NotOwner> not_owner_by(int pam_result);

}  // namespace latchkey
