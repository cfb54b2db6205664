// SPDX-License-Identifier: MIT
//
// per_hour and per_day of a [channel.NAME]: how many messages it may carry.
#pragma once

#include "config/settings_draft.hpp"
#include "core/result.hpp"

namespace latchkey {

[[nodiscard]] Result<void> set_per_hour(ChannelBudget& budget, const Written& written);
[[nodiscard]] Result<void> set_per_day(ChannelBudget& budget, const Written& written);

// Gives the channels to telephones what is not written. Precondition: the methods are
// checked, for they say which those are.
[[nodiscard]] Result<void> complete_budgets(SettingsDraft& draft);

}  // namespace latchkey
