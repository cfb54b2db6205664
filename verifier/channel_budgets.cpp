// SPDX-License-Identifier: MIT
#include "verifier/channel_budgets.hpp"

#include <string_view>

#include "core/channel_budget.hpp"
#include "core/printable.hpp"

namespace latchkey {

namespace {

constexpr AttemptId kNotCharged = 0;

}  // namespace

std::optional<AttemptId> ChannelBudgets::charge(const std::string& channel, OutboxPurpose purpose) {
    const auto found = settings_.channels.find(channel);
    if (found == settings_.channels.end()) return kNotCharged;  // nor will it be started
    LimitedAttempt message = carrying(channel, found->second.budget);
    if (message.limits.empty() || purpose == OutboxPurpose::BulkNotice) return kNotCharged;
    if (purpose == OutboxPurpose::Notice) message.limits.clear();
    const auto charge = store_.charge_attempt(message.attempt, message.limits, clock_.now());
    if (!charge) {
        log_.record(Severity::Alarm, "cannot charge a channel's budget channel=" + channel +
                                         " why=" + in_quotes(charge.error().detail));
        return std::nullopt;
    }
    if (charge->allowed) return charge->id;
    raise_alarm(channel, charge->refused_by);
    return std::nullopt;
}

// What cannot be recorded counts on: too few messages, never too many.
void ChannelBudgets::give_back(AttemptId charge) {
    if (charge != kNotCharged) (void)store_.settle_attempt(charge, AttemptResult::Right);
}

void ChannelBudgets::raise_alarm(const std::string& channel, std::string_view limit) {
    const LimitedAttempt alarm = budget_alarm(channel);
    const auto charge = store_.charge_attempt(alarm.attempt, alarm.limits, clock_.now());
    if (charge && !charge->allowed) return;
    const ChannelBudget& budget = settings_.channels.at(channel).budget;
    log_.record(Severity::Alarm, "the budget of a channel is used up channel=" + channel +
                                     " limit=" + std::string{limit} +
                                     " per_hour=" + std::to_string(budget.per_hour) +
                                     " per_day=" + std::to_string(budget.per_day));
}

}  // namespace latchkey
