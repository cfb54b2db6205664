// SPDX-License-Identifier: MIT
#include "monitor/announcements.hpp"

#include <sys/file.h>

#include <algorithm>
#include <utility>

#include "monitor/root_files.hpp"

namespace latchkey {

namespace {

void forget(Announcements& kept, const std::string& text) {
    std::erase_if(kept, [&](const Announcement& old) { return old.text == text; });
}

// A file that breaks its format shows nothing at a login: it is begun anew, so that what is
// to be told is.
Result<Announcements> read(const UniqueFd& directory, const std::string& file,
                           const SubjectKey& subject) {
    const auto text = read_file_at(directory, file, kLargestAnnouncementFile);
    if (text) return announcements_in(*text, subject).value_or(Announcements{});
    if (text.error().kind == ErrorKind::NotFound || text.error().kind == ErrorKind::Corrupt)
        return Announcements{};
    return text.error();
}

}  // namespace

AccountAnnouncements::AccountAnnouncements(std::string directory, SubjectKey subject, uid_t uid)
    : directory_(std::move(directory)), subject_(std::move(subject)), file_(std::to_string(uid)) {}

template <typename Change>
Result<void> AccountAnnouncements::rewrite(TimePoint now, Change change) {
    auto directory = open_locked_directory(directory_, "announcements", LOCK_EX);
    if (!directory) return std::move(directory).error();
    auto kept = read(*directory, file_, subject_);
    if (!kept) return std::move(kept).error();
    std::erase_if(*kept, [&](const Announcement& old) { return old.until <= now; });
    change(*kept);
    if (kept->size() > kMostAnnouncements)
        kept->erase(kept->begin(), kept->end() - kMostAnnouncements);
    auto written = replace_file_at(*directory, file_, text_of(subject_, *kept));
    if (!written) return std::move(written).error().within("announcements");
    return {};
}

Result<void> AccountAnnouncements::announce(TimePoint now, TimePoint until, std::string text) {
    if (!can_be_announced(text))
        return Error{ErrorKind::Rejected,
                     "announcements: a text is one line of 1 to 200 printable ASCII bytes"};
    return rewrite(now, [&](Announcements& kept) {
        forget(kept, text);
        kept.push_back({until, std::move(text)});
    });
}

Result<void> AccountAnnouncements::withdraw(TimePoint now, const std::string& text) {
    return rewrite(now, [&](Announcements& kept) { forget(kept, text); });
}

}  // namespace latchkey
