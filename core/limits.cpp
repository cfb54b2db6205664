// SPDX-License-Identifier: MIT
#include "core/limits.hpp"

#include <utility>

namespace latchkey {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kMinute = minutes{1};
constexpr seconds kTenMinutes = minutes{10};
constexpr seconds kHour = hours{1};
constexpr seconds kDay = hours{24};
// Of a person who has signed in; each code dies after limits.wrong_per_code of them.
constexpr std::uint32_t kConfirmationsPerDay = 30;
constexpr seconds kWeek = hours{7 * 24};

// Starts and sends count whatever became of them.
Limit every(LimitScope scope, AttemptKind kind, seconds window, std::uint32_t at_most) {
    return {scope, {kind}, window, at_most, true, false, {}};
}

Limit wrong(LimitScope scope, AttemptKind kind, seconds window, std::uint32_t at_most) {
    return {scope, {kind}, window, at_most, false, false, {}};
}

Limit named(std::string_view name, Limit limit) {
    limit.name = name;
    return limit;
}

// A right proof of one possession does not forget wrong ones: who reads a
// person's mail could otherwise buy guesses at the app with it.
Limit wrong_proofs(LimitScope scope, seconds window, std::uint32_t at_most) {
    return {scope, {AttemptKind::Code, AttemptKind::Otp}, window, at_most, false, false, {}};
}

// Each surface has guesses of its own: neither a stranger at a console, who needs no address,
// nor one who knows the address from afar uses up what the owner has at the other.
std::vector<Limit> guess_limits_at(Surface surface, const LimitSettings& settings) {
    const bool is_console = surface == Surface::Console;
    std::vector<Limit> limits{
        named("wrong_per_hour", wrong_proofs(LimitScope::Subject, kHour, settings.wrong_per_hour)),
        is_console
            ? named("wrong_at_console_per_day",
                    wrong_proofs(LimitScope::Subject, kDay, settings.wrong_at_console_per_day))
            : named("wrong_per_day",
                    wrong_proofs(LimitScope::Subject, kDay, settings.wrong_per_day)),
        named("consecutive_wrong",
              wrong_proofs(LimitScope::SubjectAndMethod, kWeek, settings.consecutive_wrong))};
    limits.back().since_last_right = true;
    for (Limit& limit : limits) limit.only_at = surface;
    return limits;
}

std::vector<Limit> guess_limits(const LimitSettings& settings) {
    std::vector<Limit> limits = guess_limits_at(Surface::Console, settings);
    for (Limit& limit : guess_limits_at(Surface::Remote, settings))
        limits.push_back(std::move(limit));
    return limits;
}

std::vector<Limit> send_limits(const LimitSettings& settings) {
    constexpr auto kScope = LimitScope::SubjectAndMethod;
    constexpr auto kKind = AttemptKind::Send;
    return {named("sends_per_minute", every(kScope, kKind, kMinute, settings.sends_per_minute)),
            named("sends_per_ten_minutes",
                  every(kScope, kKind, kTenMinutes, settings.sends_per_ten_minutes)),
            named("sends_per_hour", every(kScope, kKind, kHour, settings.sends_per_hour)),
            named("sends_per_day", every(kScope, kKind, kDay, settings.sends_per_day))};
}

// A request that is answered right is open no longer; any other keeps the device quiet until
// it is void.
std::vector<Limit> approval_limits(const LimitSettings& settings) {
    constexpr auto kScope = LimitScope::Subject;
    constexpr auto kKind = AttemptKind::Approval;
    return {named(kOneApprovalAtATime, wrong(kScope, kKind, kApprovalLifetime, 1)),
            named("approvals_per_hour", every(kScope, kKind, kHour, settings.approvals_per_hour)),
            named("approvals_per_day", every(kScope, kKind, kDay, settings.approvals_per_day)),
            // Whether somebody said no is known only where somebody looked.
            named("unanswered_per_day", wrong(kScope, kKind, kDay, settings.denials_per_day + 1)),
            named("denials_per_day",
                  every(kScope, AttemptKind::Denial, kDay, settings.denials_per_day))};
}

}  // namespace

std::vector<Limit> limits_for(AttemptKind kind, const LimitSettings& settings) {
    switch (kind) {
        case AttemptKind::Start:
            return {named("starts_per_source_hour",
                          every(LimitScope::Source, kind, kHour, settings.starts_per_source_hour)),
                    named("names_per_source_hour", every(LimitScope::SubjectsOfSource, kind, kHour,
                                                         settings.names_per_source_hour))};
        case AttemptKind::Address:
            return {named("wrong_addresses_per_source_hour",
                          wrong(LimitScope::Source, kind, kHour,
                                settings.wrong_addresses_per_source_hour)),
                    named("wrong_addresses_per_pair_day",
                          wrong(LimitScope::SourceAndSubject, kind, kDay,
                                settings.wrong_addresses_per_pair_day))};
        case AttemptKind::Code: {
            std::vector<Limit> limits = guess_limits(settings);
            limits.push_back(limit_per_code(settings));
            return limits;
        }
        case AttemptKind::Otp:
            return guess_limits(settings);
        case AttemptKind::SavedCode:
            return {named("saved_code_interval", every(LimitScope::Source, kind,
                                                       seconds{settings.saved_code_interval}, 1))};
        case AttemptKind::Resume:
            return {named(
                "wrong_resumes_per_source_hour",
                wrong(LimitScope::Source, kind, kHour, settings.wrong_resumes_per_source_hour))};
        case AttemptKind::Send:
            return send_limits(settings);
        case AttemptKind::Approval:
            return approval_limits(settings);
        case AttemptKind::Denial:
            return {};  // never refused: it is counted against the next request
        case AttemptKind::Alarm:
            return {named("alarms_per_day", every(LimitScope::Subject, kind, kDay, 1))};
        case AttemptKind::Confirmation:
            return {named("confirmations_per_day",
                          wrong(LimitScope::Subject, kind, kDay, kConfirmationsPerDay))};
        case AttemptKind::Carry:
            break;  // of no account: core/channel_budget.hpp
    }
    return {};
}

Limit limit_per_code(const LimitSettings& settings) {
    return named("wrong_per_code",
                 wrong(LimitScope::Recovery, AttemptKind::Code, kHour, settings.wrong_per_code));
}

Limit host_alarm(const LimitSettings& settings) {
    return {LimitScope::Host,
            {AttemptKind::Code, AttemptKind::Otp, AttemptKind::SavedCode},
            kDay,
            settings.host_alarm_per_day,
            false,
            false,
            "host_alarm_per_day"};
}

Limit host_gate(const LimitSettings& settings) {
    return wrong_proofs(LimitScope::Accounts, kDay, settings.host_alarm_per_day);
}

Limit saved_code_alarm(const LimitSettings& settings) {
    return named("saved_code_alarm", wrong(LimitScope::Subject, AttemptKind::SavedCode, kDay,
                                           settings.saved_code_alarm));
}

Limit unchecked_starts(const HumanCheckSettings& settings) {
    return named("human_check",
                 every(LimitScope::Source, AttemptKind::Start, kHour, settings.after));
}

SubjectKey stranger_of(const SubjectKey& subject) {
    return is_bucket(subject) ? subject : "#" + subject;
}

}  // namespace latchkey
