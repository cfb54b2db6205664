// SPDX-License-Identifier: MIT
//
// How many messages a channel may carry, whoever they are for: a message to a telephone costs
// money. Like every limit a question about recorded attempts; their subject is the channel.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/ports/store.hpp"
#include "core/settings.hpp"

namespace latchkey {

// True if a method that writes to telephones or calls them names the channel.
[[nodiscard]] bool carries_to_telephones(const Settings& settings, const std::string& channel);

// One message. Right: nothing of it can have left, and it does not count.
[[nodiscard]] LimitedAttempt carrying(const std::string& channel, const ChannelBudget& budget);

// To say that the budget is used up: allowed once a day.
[[nodiscard]] LimitedAttempt budget_alarm(const std::string& channel);

struct ChannelUse {
    std::uint32_t last_hour = 0;
    std::uint32_t last_day = 0;
};
[[nodiscard]] Result<ChannelUse> use_of(Store& store, const std::string& channel, TimePoint now);

}  // namespace latchkey
