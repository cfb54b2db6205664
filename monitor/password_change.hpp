// SPDX-License-Identifier: MIT
//
// The first root act: a new password, asked for and written by the host's own
// password stack (PAM service latchkey-password) in a transaction that this
// process runs and whose conversation is relayed to the claimant.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/recovery.hpp"
#include "core/secret.hpp"
#include "monitor/account.hpp"
#include "monitor/claimant.hpp"

namespace latchkey {

struct PasswordChangeRequest {
    const Account& account;  // as it was frozen at the start
    std::string tty;         // for the modules' own records; may be empty
    std::string rhost;
    std::uint32_t min_password_length = 8;
    // Whether the account may still be changed: re-read after every answer, in
    // both passes of the stack, and before every try.
    std::function<bool()> still_eligible;
    // Called once per try, right before the host's modules may write. False
    // (the ledger cannot be written) refuses.
    std::function<bool()> about_to_write;
};

struct PasswordChange {
    ActResult result = ActResult::Failed;
    Secret password;   // what was written; empty unless Done
    std::string text;  // of the host's stack, not yet shown; may be empty
};

// Blocks until the claimant has chosen a password that the host accepts, gave
// up, or left; at most three tries after refusals by policy.
[[nodiscard]] PasswordChange change_password(Claimant& claimant,
                                             const PasswordChangeRequest& request);

// Whether the shadow row holds another password than at the start, whoever wrote it. One that
// cannot be read (`now` is nothing) may where the host's modules had the new password: the day's
// one reset is rather used up than given twice. Who left before has used up nothing.
[[nodiscard]] bool may_be_written(const Account& then, const std::optional<Account>& now,
                                  bool could_write);

// Whether nobody can sign in with a password any more: asked where the row may be another one,
// after the new password was handed to the host's modules.
[[nodiscard]] bool is_locked(const std::optional<Account>& now);

// Why a password is refused whatever the host's stack says, or nothing. `pam_unix`
// run by root has no rules of its own: it accepts "a".
[[nodiscard]] std::string floor_refusal(const Secret& password, const Account& account,
                                        std::uint32_t min_length);

}  // namespace latchkey
