// SPDX-License-Identifier: MIT
//
// The two root acts with everything around them: eligibility read again, the
// ledger before and after.
#pragma once

#include <string>

#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "core/secret.hpp"
#include "monitor/claimant.hpp"
#include "monitor/login_session.hpp"

namespace latchkey {

struct ActDone {
    ActResult result = ActResult::Failed;
    Secret password;   // of ChangePassword
    std::string text;  // for the claimant
};

// Precondition: ConnectionRecord::may_act().
[[nodiscard]] ActDone perform_act(Act act, const LoginSession& session, Claimant& claimant,
                                  const Clock& clock, EventLog& log);

// Settles what a crash left open in the ledger; called at every start.
void settle_interrupted_acts(const Clock& clock, EventLog& log);

// Stands for the shadow row's password field in the ledger.
[[nodiscard]] std::string row_digest(const Account& account);

}  // namespace latchkey
