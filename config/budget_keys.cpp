// SPDX-License-Identifier: MIT
#include "config/budget_keys.hpp"

#include <algorithm>
#include <cstdint>

#include "core/channel_budget.hpp"

namespace latchkey {

namespace {

constexpr std::uint64_t kMostPerHour = 10'000;
constexpr std::uint64_t kMostPerDay = 100'000;
// Enough for a host whose people are all locked out at once, and no fortune (docs/limits.md).
constexpr ChannelBudget kToTelephones{60, 200};

Result<void> set(std::uint32_t& field, const Written& written, std::uint64_t highest) {
    auto number = number_in(written, 1, highest,
                            "write a number of messages from 1 to " + std::to_string(highest) +
                                "; remove the line to have the default");
    if (!number) return std::move(number).error();
    field = static_cast<std::uint32_t>(*number);
    return {};
}

}  // namespace

Result<void> set_per_hour(ChannelBudget& budget, const Written& written) {
    return set(budget.per_hour, written, kMostPerHour);
}

Result<void> set_per_day(ChannelBudget& budget, const Written& written) {
    return set(budget.per_day, written, kMostPerDay);
}

Result<void> complete_budgets(SettingsDraft& draft) {
    for (auto& [name, channel] : draft.settings.channels) {
        ChannelBudget& budget = channel.budget;
        if (carries_to_telephones(draft.settings, name)) {
            if (budget.per_day == 0) budget.per_day = kToTelephones.per_day;
            if (budget.per_hour == 0)
                budget.per_hour = std::min(kToTelephones.per_hour, budget.per_day);
        }
        const std::string key = "channel." + name + ".per_hour";
        if (budget.per_day != 0 && budget.per_hour > budget.per_day)
            return refusal(draft.place_of({key}), key,
                           "is more than per_day, which is " + std::to_string(budget.per_day) +
                               "; lower it, or write a larger per_day");
    }
    return {};
}

}  // namespace latchkey
