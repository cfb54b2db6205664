// SPDX-License-Identifier: MIT
//
// The file of what an account is reminded of at its sign-ins: the root side writes it, the
// PAM module reads it. Pure, and needs nothing else of the core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/recovery.hpp"

namespace latchkey {

enum class ReminderKind : std::uint8_t {
    Register,  // too few ways back; a console may set one up at once
    Confirm,   // addresses that nobody has confirmed for long; a console may ask
    Told,      // is said, and no more
};

struct Reminder {
    ReminderKind kind = ReminderKind::Told;
    std::string text;  // one line which can_be_announced()
    friend bool operator==(const Reminder&, const Reminder&) = default;
};

struct Reminders {
    TimePoint look_again{};   // from then on the root side looks anew
    TimePoint quiet_until{};  // until then none is told: somebody said "later"
    std::vector<Reminder> due;
    friend bool operator==(const Reminders&, const Reminders&) = default;
};

inline constexpr std::size_t kMostReminders = 4;
inline constexpr std::size_t kLargestReminderFile = 2048;

// The subject ("1001:ada"), "LOOK_AGAIN QUIET_UNTIL" in seconds since 1970, then "KIND TEXT" for
// each, a line each.
[[nodiscard]] std::string text_of(const SubjectKey& subject, const Reminders& reminders);
// Nothing: it is of another account that had the uid, or breaks the format.
[[nodiscard]] std::optional<Reminders> reminders_in(std::string_view text,
                                                    const SubjectKey& subject);

}  // namespace latchkey
