// SPDX-License-Identifier: MIT
#include "core/reminder_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "core/announcement_rows.hpp"

namespace latchkey {

namespace {

constexpr std::array<std::string_view, 3> kWords{"register", "confirm", "told"};

// What stands before `end`, which goes with it; nothing if it is not there.
std::optional<std::string_view> take_until(std::string_view& text, char end) {
    const std::size_t at = text.find(end);
    if (at == text.npos) return std::nullopt;
    const std::string_view part = text.substr(0, at);
    text.remove_prefix(at + 1);
    return part;
}

std::optional<TimePoint> time_in(std::string_view digits) {
    std::int64_t seconds = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size() || seconds < 0)
        return std::nullopt;
    return TimePoint{std::chrono::seconds{seconds}};
}

std::optional<Reminder> reminder_in(std::string_view line) {
    const auto word = take_until(line, ' ');
    const auto* const known = word ? std::find(kWords.begin(), kWords.end(), *word) : kWords.end();
    if (known == kWords.end() || !can_be_announced(line)) return std::nullopt;
    return Reminder{static_cast<ReminderKind>(known - kWords.begin()), std::string{line}};
}

std::string seconds(TimePoint time) {
    return std::to_string(time.time_since_epoch().count());
}

}  // namespace

std::string text_of(const SubjectKey& subject, const Reminders& reminders) {
    std::string text = subject + '\n' + seconds(reminders.look_again) + ' ' +
                       seconds(reminders.quiet_until) + '\n';
    for (const Reminder& reminder : reminders.due)
        text.append(kWords.at(static_cast<std::size_t>(reminder.kind)))
            .append(" ")
            .append(reminder.text)
            .append("\n");
    return text;
}

std::optional<Reminders> reminders_in(std::string_view text, const SubjectKey& subject) {
    if (text.size() > kLargestReminderFile || take_until(text, '\n') != subject)
        return std::nullopt;
    auto times = take_until(text, '\n');
    const auto first = times ? take_until(*times, ' ') : std::nullopt;
    const auto look_again = first ? time_in(*first) : std::nullopt;
    const auto quiet_until = first ? time_in(*times) : std::nullopt;
    if (!look_again || !quiet_until) return std::nullopt;
    Reminders reminders{*look_again, *quiet_until, {}};
    while (!text.empty()) {
        const auto line = take_until(text, '\n');
        auto reminder = line ? reminder_in(*line) : std::nullopt;
        if (!reminder || reminders.due.size() == kMostReminders) return std::nullopt;
        reminders.due.push_back(std::move(*reminder));
    }
    return reminders;
}

}  // namespace latchkey
