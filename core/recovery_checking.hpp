// SPDX-License-Identifier: MIT
//
// When the human check is asked, and what its answer leads to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/recovery_context.hpp"
#include "core/recovery_flow.hpp"

namespace latchkey {

// The rule that decided where a human check was not passed.
inline constexpr std::string_view kHumanCheckRule = "human_check";

struct Start {
    bool is_within_limits = false;          // false: it looks like any other, nothing is sent
    std::vector<std::string> human_checks;  // the signs for this connection; empty: none is asked
};

// Opens `recovery.opened` in the store, which gives it its id, and charges its start.
[[nodiscard]] Result<Start> record_start(RecoveryContext& recovery);

// HumanChecked. After a wrong answer over a remote service nobody is heard any more:
// no code leaves, and nothing that is typed is right.
[[nodiscard]] Result<flow::Event> check_human(RecoveryContext& recovery,
                                              const flow::CheckHuman& action);

}  // namespace latchkey
