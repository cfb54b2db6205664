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

// The signs for this connection, to be called once at its start; empty if none is asked.
[[nodiscard]] Result<std::vector<std::string>> draw_human_checks(const RecoveryContext& recovery);

// HumanChecked. After a wrong answer over a remote service nobody is heard any more:
// no code leaves, and nothing that is typed is right.
[[nodiscard]] Result<flow::Event> check_human(RecoveryContext& recovery,
                                              const flow::CheckHuman& action);

}  // namespace latchkey
