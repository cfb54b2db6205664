// SPDX-License-Identifier: MIT
//
// The end of a recovery: grant, notices, act, audit record.
#pragma once

#include "core/recovery_context.hpp"

namespace latchkey {

// How long a notice is worth trying to deliver.
[[nodiscard]] std::chrono::seconds lifetime_of_notice(const Settings& settings,
                                                      const std::string& method);

// Once per recovery and before the first act: grant, audit record and a notice
// to every address of the account are one transaction. Rejected: the store finds
// that too few gates are open, or that the grant was spent before.
[[nodiscard]] Result<void> spend_grant(const RecoveryContext& recovery);

// Asks the root side for the act and records its result. What is not in the
// audit trail did not succeed.
[[nodiscard]] Result<ActResult> perform(const RecoveryContext& recovery, Act act);

}  // namespace latchkey
