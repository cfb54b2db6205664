// SPDX-License-Identifier: MIT
//
// What an account is reminded of at its sign-ins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/ports/enrolment.hpp"
#include "core/reminder_rows.hpp"
#include "core/settings.hpp"

namespace latchkey {

struct WaysBack {
    bool eligible = false;
    bool privileged = false;       // its first way is root's to enrol
    std::size_t there = 0;         // possessions that are set up, also those that wait
    std::size_t needed = 0;        // by a recovery over the network
    std::uint32_t codes_left = 0;  // saved codes that count
    bool codes_wait = false;
    std::vector<std::string> to_confirm;  // addresses as a screen shows them
};

// Who holds so few saved codes is told.
inline constexpr std::uint32_t kFewCodes = 3;

// Whether it proves nothing any more, because nobody has confirmed it for too long.
[[nodiscard]] bool has_expired(const Contact& contact, const SecurityInfoSettings& info,
                               TimePoint now);

// Whether its owner is asked if it still reaches them, and may say so: an address of their own
// that counts and stays, and that nobody has confirmed for long.
[[nodiscard]] bool confirmation_is_due(const Contact& contact, const Settings& settings,
                                       TimePoint now);

// Nothing of an account that cannot recover at all. With registration off nothing is asked.
[[nodiscard]] std::vector<Reminder> reminders_for(const WaysBack& ways, Registration registration);

}  // namespace latchkey
