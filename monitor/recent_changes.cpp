// SPDX-License-Identifier: MIT
#include "monitor/recent_changes.hpp"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <poll.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <optional>
#include <set>
#include <utility>

#include "adapters/system/seqpacket.hpp"
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

// From here on system calls alone: the child is a copy of a process that may have had threads.
std::uint8_t look_at_home(const char* home, std::time_t since) {
    open_how how{};
    how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_NO_SYMLINKS;
    const auto directory =
        static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, home, &how, sizeof how));
    if (directory < 0) return 0;
    const auto place = entry_of(directory, ".ssh");
    if (!place) return errno == ENOENT ? kSawHome : 0;
    if (S_ISLNK(place->st_mode)) return kSawHome | (changed_since(since, place) ? kLink : 0);
    const int keys = ::openat(directory, ".ssh", kLook | O_DIRECTORY);
    if (keys < 0) return errno == ENOENT ? kSawHome : 0;
    std::uint8_t seen = kSawHome;
    if (changed_since(since, entry_of(keys, "authorized_keys"))) seen |= kKeys;
    if (changed_since(since, entry_of(keys, "authorized_keys2"))) seen |= kKeys2;
    return seen;
}

// Sees files as the account does, and stays root's in everything else: what runs as the
// account cannot signal, stop or trace it. False: root's rights on files were kept.
bool take_file_rights_of(const Account& account) {
    if (::setgroups(0, nullptr) != 0) return false;
    ::setfsgid(account.gid);
    ::setfsuid(account.uid);
    return ::setfsgid(static_cast<gid_t>(-1)) == static_cast<int>(account.gid) &&
           ::setfsuid(static_cast<uid_t>(-1)) == static_cast<int>(account.uid);
}

[[noreturn]] void be_the_child(const Account& account, std::time_t since, int answer,
                               pid_t parent) {
    // A disk that does not answer must not hold on to the monitor's sockets and locks.
    if (::dup2(answer, 3) < 0 || ::close_range(4, ~0U, 0) != 0) ::_exit(1);
    if (!take_file_rights_of(account)) ::_exit(1);
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) ::_exit(1);
    const std::uint8_t seen = look_at_home(account.home.c_str(), since);
    (void)!::write(3, &seen, sizeof seen);
    ::_exit(0);
}

// 0: nothing was seen in time.
std::uint8_t seen_at_home(const Account& account, std::time_t since,
                          std::chrono::milliseconds patience) {
    if (account.uid == 0 || !account.home.starts_with('/')) return 0;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return 0;
    const UniqueFd from{ends[0]};
    UniqueFd to{ends[1]};
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) return 0;
    if (child == 0) be_the_child(account, since, to.get(), parent);
    to.reset();
    pollfd answered{from.get(), POLLIN, 0};
    std::uint8_t seen = 0;
    const auto until = std::chrono::steady_clock::now() + patience;
    if (::poll(&answered, 1, poll_timeout(until)) > 0) {
        if (::read(from.get(), &seen, sizeof seen) != sizeof seen) seen = 0;
        (void)::waitpid(child, nullptr, 0);
        return seen;
    }
    ::kill(child, SIGKILL);
    // One that hangs in the kernel is left to whoever reaps what this process leaves.
    (void)::waitpid(child, nullptr, WNOHANG);
    return 0;
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
    const std::uint8_t home = seen_at_home(account, seconds, places.patience);
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
