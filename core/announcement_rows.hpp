// SPDX-License-Identifier: MIT
//
// The file of what an account is told at its logins: the root side writes it, the PAM
// module reads it. Pure, and needs nothing else of the core.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/recovery.hpp"

namespace latchkey {

struct Announcement {
    TimePoint until{};  // no longer told from then on
    std::string text;   // one line: 1 to kLongestAnnouncement bytes of printable ASCII
    friend bool operator==(const Announcement&, const Announcement&) = default;
};
using Announcements = std::vector<Announcement>;  // oldest first

inline constexpr std::size_t kMostAnnouncements = 20;
inline constexpr std::size_t kLongestAnnouncement = 200;
// A subject, and as many of the longest lines as there may be.
inline constexpr std::size_t kLargestAnnouncementFile = 8192;

[[nodiscard]] bool can_be_announced(std::string_view text);

// The subject ("1001:ada"), then "SECONDS TEXT" for each, a line each.
[[nodiscard]] std::string text_of(const SubjectKey& subject, const Announcements& announcements);
// None of a file of another account that had the uid. Nothing: the file breaks the format.
[[nodiscard]] std::optional<Announcements> announcements_in(std::string_view text,
                                                            const SubjectKey& subject);

}  // namespace latchkey
