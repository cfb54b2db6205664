// SPDX-License-Identifier: MIT
#include "core/channel_budget.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include "core/limits.hpp"

namespace latchkey {

namespace {

constexpr std::chrono::seconds kHour = std::chrono::hours{1};
constexpr std::chrono::seconds kDay = std::chrono::hours{24};

Attempt message_of(const std::string& channel) {
    return {"channel:" + channel, {}, AttemptKind::Carry, {}, 0};
}

Limit carried(std::chrono::seconds window, std::uint32_t at_most, std::string_view name) {
    return {LimitScope::Subject, {AttemptKind::Carry}, window, at_most, false, false, name};
}

}  // namespace

bool carries_to_telephones(const Settings& settings, const std::string& channel) {
    return std::any_of(settings.methods.begin(), settings.methods.end(), [&](const auto& entry) {
        const MethodSettings& method = entry.second;
        return method.kind == MethodKind::Delivery && is_telephone(method.medium) &&
               std::find(method.channels.begin(), method.channels.end(), channel) !=
                   method.channels.end();
    });
}

LimitedAttempt carrying(const std::string& channel, const ChannelBudget& budget) {
    LimitedAttempt message{message_of(channel), {}};
    if (budget.per_hour != 0) message.limits.push_back(carried(kHour, budget.per_hour, "per_hour"));
    if (budget.per_day != 0) message.limits.push_back(carried(kDay, budget.per_day, "per_day"));
    return message;
}

LimitedAttempt budget_alarm(const std::string& channel) {
    const Attempt said{"alarm:channel:" + channel, {}, AttemptKind::Alarm, {}, 0};
    return {said, limits_for(AttemptKind::Alarm, {})};
}

Result<ChannelUse> use_of(Store& store, const std::string& channel, TimePoint now) {
    const Attempt like = message_of(channel);
    constexpr std::uint32_t kAny = std::numeric_limits<std::uint32_t>::max();
    const auto hour = store.count_attempts(like, carried(kHour, kAny, {}), now);
    if (!hour) return Error{hour.error()};
    const auto day = store.count_attempts(like, carried(kDay, kAny, {}), now);
    if (!day) return Error{day.error()};
    return ChannelUse{*hour, *day};
}

}  // namespace latchkey
