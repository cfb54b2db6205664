// SPDX-License-Identifier: MIT
//
// Compares what the claimant typed. Always in this order: the attempt is charged
// and on disk, then the answer is compared, then the verdict is settled.
#pragma once

#include <string>
#include <string_view>

#include "core/recovery_context.hpp"
#include "core/recovery_flow.hpp"

namespace latchkey {

// Errors: the store or the monitor is gone.
[[nodiscard]] Result<flow::Judged> judge(RecoveryContext& recovery, const flow::Judge& action);

// The same for a saved code where no method was chosen.
[[nodiscard]] Result<flow::Judged> judge_saved_code(RecoveryContext& recovery,
                                                    std::string_view typed);

// A new resume code for whoever opened a gate, as it is shown. The one before is
// worth nothing from now on.
[[nodiscard]] Result<std::string> renew_resume_code(const RecoveryContext& recovery);

}  // namespace latchkey
