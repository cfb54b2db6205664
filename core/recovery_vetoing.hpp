// SPDX-License-Identifier: MIT
//
// A veto code that is typed at a login prompt, by whoever was told of a change or a recovery.
#pragma once

#include <string_view>

#include "core/recovery_context.hpp"
#include "core/recovery_flow.hpp"

namespace latchkey {

[[nodiscard]] bool looks_like_veto(std::string_view typed);
// Over ssh nothing but the length of an answer may decide what it costs whoever types it.
[[nodiscard]] bool is_as_long_as_veto(std::string_view typed);

// The same work for every name: only a code that is one is known to more. It opens no gate, and
// what is right is told to the root side. Errors: the store or the monitor is gone.
[[nodiscard]] Result<flow::VetoJudged> hear_veto(RecoveryContext& recovery, std::string_view typed);

}  // namespace latchkey
