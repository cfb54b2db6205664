// SPDX-License-Identifier: MIT
#include "monitor/account_reminders.hpp"

#include <sys/file.h>

#include <algorithm>
#include <utility>

#include "monitor/root_files.hpp"

namespace latchkey {

namespace {

constexpr const char* kReminders = "reminders";

bool lacks_a_way(const Reminders& kept) {
    return std::any_of(kept.due.begin(), kept.due.end(), [](const Reminder& reminder) {
        return reminder.kind == ReminderKind::Register;
    });
}

// A file of another account, or that breaks its format, is begun anew.
Result<Reminders> reminders_of(const UniqueFd& directory, const std::string& file,
                               const SubjectKey& subject) {
    const auto text = read_file_at(directory, file, kLargestReminderFile);
    if (text) return reminders_in(*text, subject).value_or(Reminders{});
    if (text.error().kind == ErrorKind::NotFound || text.error().kind == ErrorKind::Corrupt)
        return Reminders{};
    return text.error();
}

}  // namespace

AccountReminders::AccountReminders(std::string directory, SubjectKey subject, uid_t uid)
    : directory_(std::move(directory)), subject_(std::move(subject)), file_(std::to_string(uid)) {}

template <typename Change>
Result<void> AccountReminders::rewrite(Change change) {
    auto directory = open_locked_directory(directory_, kReminders, LOCK_EX);
    if (!directory) return std::move(directory).error();
    auto kept = reminders_of(*directory, file_, subject_);
    if (!kept) return std::move(kept).error();
    change(*kept);
    auto written = replace_file_at(*directory, file_, text_of(subject_, *kept));
    if (!written) return std::move(written).error().within(kReminders);
    return {};
}

Result<void> AccountReminders::begin_look(TimePoint now) {
    return rewrite([now](Reminders& kept) { kept.look_again = now + kLooking; });
}

Result<void> AccountReminders::finish_look(TimePoint begun, std::vector<Reminder> due,
                                           Registration registration) {
    return rewrite([&](Reminders& kept) {
        if (kept.look_again != begun + kLooking) return;
        kept.look_again = begun + kLookAgain;
        kept.due = std::move(due);
        // Said before it was required, or before it was missing.
        if (registration == Registration::Require && lacks_a_way(kept)) kept.quiet_until = {};
    });
}

Result<void> AccountReminders::put_off(TimePoint now, Registration registration) {
    if (must_register(registration)) return {};
    return rewrite([now](Reminders& kept) { kept.quiet_until = now + kQuiet; });
}

bool AccountReminders::must_register(Registration registration) const {
    const auto kept = read();
    return registration == Registration::Require && kept && lacks_a_way(*kept);
}

Result<void> AccountReminders::forget() {
    return rewrite([](Reminders& kept) {
        kept.look_again = {};
        kept.due.clear();
    });
}

Result<Reminders> AccountReminders::read() const {
    auto directory = open_locked_directory(directory_, kReminders, LOCK_SH);
    if (!directory) return std::move(directory).error();
    return reminders_of(*directory, file_, subject_);
}

}  // namespace latchkey
