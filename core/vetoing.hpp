// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "core/change_context.hpp"

namespace latchkey {

// Until when no change is made; 1970: now.
[[nodiscard]] Result<TimePoint> frozen_until(const ChangeContext& change);

// `code`, of normalised_veto_code(), as one of the account's vetoes: it ends the change that it was
// told with. Told with a recovery or a pass it ends the recoveries that are open and what was
// changed since. Both freeze further changes for a day. None of it keeps the owner out for longer
// (docs/adr/0022). Charged as a guess; works once.
[[nodiscard]] Result<ChangeEnd> end_by_code(ChangeContext& change, std::string_view code);

// With a code end_by_code(). Without one, every recovery that is open ends, and what waits or goes
// does so for a day longer.
[[nodiscard]] Result<ChangeEnd> deny(ChangeContext& change);

}  // namespace latchkey
