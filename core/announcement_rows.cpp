// SPDX-License-Identifier: MIT
#include "core/announcement_rows.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>

namespace latchkey {

namespace {

bool is_printable_byte(char c) {
    return c >= 0x20 && c <= 0x7e;
}

std::optional<Announcement> announcement_in(std::string_view line) {
    const std::size_t blank = line.find(' ');
    if (blank == line.npos) return std::nullopt;
    std::int64_t seconds = 0;
    const auto read = std::from_chars(line.data(), line.data() + blank, seconds);
    if (read.ec != std::errc{} || read.ptr != line.data() + blank || seconds < 0)
        return std::nullopt;
    const std::string_view text = line.substr(blank + 1);
    if (!can_be_announced(text)) return std::nullopt;
    return Announcement{TimePoint{std::chrono::seconds{seconds}}, std::string{text}};
}

}  // namespace

bool can_be_announced(std::string_view text) {
    return !text.empty() && text.size() <= kLongestAnnouncement &&
           std::all_of(text.begin(), text.end(), is_printable_byte);
}

std::string text_of(const SubjectKey& subject, const Announcements& announcements) {
    std::string text = subject + '\n';
    for (const Announcement& announcement : announcements)
        text += std::to_string(announcement.until.time_since_epoch().count()) + ' ' +
                announcement.text + '\n';
    return text;
}

std::optional<Announcements> announcements_in(std::string_view text, const SubjectKey& subject) {
    if (text.size() > kLargestAnnouncementFile || text.empty() || text.back() != '\n')
        return std::nullopt;
    Announcements announcements;
    for (bool first = true; !text.empty(); first = false) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size() + 1);
        if (first) {
            if (line != subject) return Announcements{};
            continue;
        }
        auto announcement = announcement_in(line);
        if (!announcement || announcements.size() == kMostAnnouncements) return std::nullopt;
        announcements.push_back(std::move(*announcement));
    }
    return announcements;
}

}  // namespace latchkey
