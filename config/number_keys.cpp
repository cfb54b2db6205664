// SPDX-License-Identifier: MIT
#include "config/number_keys.hpp"

#include <array>

namespace latchkey {

namespace {

// A field of Settings itself; durations are counted in their own unit.
template <auto Field>
constexpr NumberKey top(std::string_view key, std::string_view unit, std::uint64_t lowest,
                        std::uint64_t highest) {
    using Type = std::remove_reference_t<decltype(std::declval<Settings&>().*Field)>;
    return {"",
            key,
            unit,
            lowest,
            highest,
            [](const Settings& settings) -> std::uint64_t {
                if constexpr (std::is_integral_v<Type>)
                    return settings.*Field;
                else
                    return static_cast<std::uint64_t>((settings.*Field).count());
            },
            [](Settings& settings, std::uint64_t value) {
                if constexpr (std::is_integral_v<Type>)
                    settings.*Field = static_cast<Type>(value);
                else
                    settings.*Field = Type{static_cast<std::int64_t>(value)};
            }};
}

// A field of one of the structures within Settings.
template <auto Part, auto Field>
constexpr NumberKey in(std::string_view table, std::string_view key, std::string_view unit,
                       std::uint64_t lowest, std::uint64_t highest) {
    return {table,
            key,
            unit,
            lowest,
            highest,
            [](const Settings& settings) -> std::uint64_t { return (settings.*Part).*Field; },
            [](Settings& settings, std::uint64_t value) {
                (settings.*Part).*Field = static_cast<std::uint32_t>(value);
            }};
}

template <auto Field>
constexpr NumberKey days(std::string_view key, std::uint64_t lowest, std::uint64_t highest) {
    return {"security_info",
            key,
            "days",
            lowest,
            highest,
            [](const Settings& settings) -> std::uint64_t {
                return static_cast<std::uint64_t>((settings.security_info.*Field).count());
            },
            [](Settings& settings, std::uint64_t value) {
                settings.security_info.*Field = std::chrono::days{static_cast<std::int32_t>(value)};
            }};
}

template <auto Field>
constexpr NumberKey gate(std::string_view key, std::uint64_t lowest, std::uint64_t highest) {
    return in<&Settings::gates, Field>("gates", key, "", lowest, highest);
}
template <auto Field>
constexpr NumberKey limit(std::string_view key, std::uint64_t highest) {
    return in<&Settings::limits, Field>("limits", key, "", 1, highest);
}
template <auto Field>
constexpr NumberKey act(std::string_view key, std::uint64_t highest) {
    return in<&Settings::acts, Field>("acts", key, "", 1, highest);
}

using L = LimitSettings;
using A = ActLimits;
using S = SecurityInfoSettings;

constexpr std::array kKeys{
    top<&Settings::recovery_lifetime>("recovery_lifetime", "seconds", 60, 1800),
    top<&Settings::grant_lifetime>("grant_lifetime", "seconds", 30, 600),
    top<&Settings::reply_grid>("reply_grid", "milliseconds", 0, 5000),
    top<&Settings::min_password_length>("min_password_length", "characters", 8, 64),
    top<&Settings::code_digits>("code_digits", "digits", 6, 10),
    top<&Settings::otp_window>("otp_window", "steps", 0, 1),
    gate<&GateSettings::console>("console", 1, 3),
    gate<&GateSettings::remote>("remote", 2, 3),
    gate<&GateSettings::privileged>("privileged", 2, 3),
    limit<&L::wrong_per_code>("wrong_per_code", 10),
    limit<&L::wrong_per_hour>("wrong_per_hour", 100),
    limit<&L::wrong_per_day>("wrong_per_day", 100),
    limit<&L::wrong_at_console_per_day>("wrong_at_console_per_day", 100),
    limit<&L::consecutive_wrong>("consecutive_wrong", 100),
    in<&Settings::limits, &L::saved_code_interval>("limits", "saved_code_interval", "seconds", 1,
                                                   60),
    limit<&L::saved_code_alarm>("saved_code_alarm", 1000),
    limit<&L::sends_per_minute>("sends_per_minute", 60),
    limit<&L::sends_per_ten_minutes>("sends_per_ten_minutes", 100),
    limit<&L::sends_per_hour>("sends_per_hour", 200),
    limit<&L::sends_per_day>("sends_per_day", 500),
    limit<&L::approvals_per_hour>("approvals_per_hour", 20),
    limit<&L::approvals_per_day>("approvals_per_day", 50),
    limit<&L::denials_per_day>("denials_per_day", 10),
    limit<&L::starts_per_source_hour>("starts_per_source_hour", 10000),
    limit<&L::names_per_source_hour>("names_per_source_hour", 10000),
    limit<&L::wrong_addresses_per_source_hour>("wrong_addresses_per_source_hour", 1000),
    limit<&L::wrong_addresses_per_pair_day>("wrong_addresses_per_pair_day", 1000),
    limit<&L::wrong_resumes_per_source_hour>("wrong_resumes_per_source_hour", 1000),
    limit<&L::host_alarm_per_day>("host_alarm_per_day", 10000),
    in<&Settings::human_check, &HumanCheckSettings::after>("human_check", "after", "recoveries", 1,
                                                           10),
    act<&A::resets_per_day>("resets_per_day", 1),
    act<&A::unlocks_per_day>("unlocks_per_day", 3),
    act<&A::begun_per_day>("begun_per_day", 5),
    act<&A::host_per_hour>("host_per_hour", 20),
    days<&S::hold>("hold_days", 7, 30),
    days<&S::privileged_hold>("privileged_hold_days", 30, 90),
    days<&S::replaced_hold>("replaced_hold_days", 30, 90),
    days<&S::expires_after>("expire_days", 30, 3650),
    days<&S::reconfirm_after>("reconfirm_days", 0, 730),
};

}  // namespace

std::string NumberKey::name() const {
    return table.empty() ? std::string{key} : std::string{table} + '.' + std::string{key};
}

std::string NumberKey::mend() const {
    std::string text = unit.empty() ? "write a whole number" : "write a number of ";
    text += unit;
    text += " from " + std::to_string(lowest) + " to " + std::to_string(highest);
    return text + ", or remove the line to have " + std::to_string(get(Settings{}));
}

std::span<const NumberKey> number_keys() {
    return kKeys;
}

}  // namespace latchkey
