// SPDX-License-Identifier: MIT
#include "monitor/recent_changes.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <optional>
#include <set>
#include <utility>

#include "adapters/system/unique_fd.hpp"

namespace latchkey {

namespace {

constexpr int kLook = O_PATH | O_NOFOLLOW | O_CLOEXEC;
// A day of records, of however many strangers, lies within.
constexpr std::size_t kNewestRecords = std::size_t{1024} * 1024;

// What the child that looks at the home says.
constexpr std::uint8_t kSawHome = 1;
constexpr std::uint8_t kKeys = 2;
constexpr std::uint8_t kKeys2 = 4;
constexpr std::uint8_t kLink = 8;

// Of the entry itself, also if it is a link. Written, replaced, renamed and linked files
// all have a new time of change.
std::optional<struct stat> entry_of(int directory, const char* name) {
    struct stat found {};
    if (::fstatat(directory, name, &found, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0)
        return std::nullopt;
    return found;
}

bool changed_since(std::time_t since, const std::optional<struct stat>& entry) {
    return entry && (entry->st_ctim.tv_sec >= since || entry->st_mtim.tv_sec >= since);
}

// In the child, and so by system calls alone.
std::uint8_t look_at_keys(int home, std::time_t since) {
    const auto place = entry_of(home, ".ssh");
    if (!place) return errno == ENOENT ? kSawHome : 0;
    if (S_ISLNK(place->st_mode)) return kSawHome | (changed_since(since, place) ? kLink : 0);
    const int keys = ::openat(home, ".ssh", kLook | O_DIRECTORY);
    if (keys < 0) return errno == ENOENT ? kSawHome : 0;
    std::uint8_t seen = kSawHome;
    if (changed_since(since, entry_of(keys, "authorized_keys"))) seen |= kKeys;
    if (changed_since(since, entry_of(keys, "authorized_keys2"))) seen |= kKeys2;
    return seen;
}

bool crontab_changed(const std::string& crontabs, const std::string& name, std::time_t since) {
    const UniqueFd directory{::open(crontabs.c_str(), kLook | O_DIRECTORY)};
    return directory && changed_since(since, entry_of(directory.get(), name.c_str()));
}

// "security info (email, totp)"; empty if none was enrolled.
std::string enrolled_since(const AuditLog& audit, const std::string& name, TimePoint since) {
    std::set<std::string> methods;
    const auto read = audit.read_newest(kNewestRecords, [&](std::string_view line) {
        if (line.ends_with('\n')) line.remove_suffix(1);
        const auto row = audit_row_in(line);
        if (!row || row->entry.who != name || row->entry.at < since) return;
        if (row->entry.event == "enrolled") methods.insert(row->entry.outcome);
        if (row->entry.event == "codes") methods.insert("recovery codes");
    });
    if (!read || methods.empty()) return {};
    std::string text;
    for (const std::string& method : methods) text += (text.empty() ? "" : ", ") + method;
    return "security info (" + text + ')';
}

}  // namespace

RecentChanges recent_changes(const Account& account, const AuditLog& audit, TimePoint now,
                             const PlacesOfChange& places) {
    const TimePoint since = now - kRecently;
    const std::time_t seconds = since.time_since_epoch().count();
    std::chrono::milliseconds patience = places.patience;
    const std::uint8_t home = look_at_home(account, look_at_keys, seconds, patience);
    RecentChanges changes;
    changes.saw_home = (home & kSawHome) != 0;
    if ((home & kKeys) != 0) changes.what.emplace_back("authorized_keys");
    if ((home & kKeys2) != 0) changes.what.emplace_back("authorized_keys2");
    if ((home & kLink) != 0) changes.what.emplace_back(".ssh");
    changes.kinds.keys = !changes.what.empty();
    changes.kinds.crontab = crontab_changed(places.crontabs, account.name, seconds);
    if (changes.kinds.crontab) changes.what.emplace_back("crontab");
    std::string info = enrolled_since(audit, account.name, since);
    changes.kinds.ways = !info.empty();
    if (changes.kinds.ways) changes.what.push_back(std::move(info));
    return changes;
}

RecentChanges look_within(std::chrono::milliseconds& patience, const Account& account,
                          const AuditLog& audit, TimePoint now, PlacesOfChange places) {
    places.patience = patience;
    const auto begun = std::chrono::steady_clock::now();
    RecentChanges changes = recent_changes(account, audit, now, places);
    const auto took =
        std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
    patience -= std::min(took, patience);
    return changes;
}

}  // namespace latchkey
