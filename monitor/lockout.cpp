// SPDX-License-Identifier: MIT
#include "monitor/lockout.hpp"

#include <fcntl.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <vector>

#include "monitor/account.hpp"
#include "monitor/process.hpp"
#include "monitor/root_files.hpp"

namespace latchkey {

namespace {

constexpr const char* kFaillock = "/usr/sbin/faillock";
constexpr std::chrono::seconds kTimeToClear{10};
constexpr std::size_t kMostRecords = 1024;
constexpr std::uint16_t kValid = 1;  // counts: not followed by a good login

// One failed attempt, as pam_faillock stores it: in the host's byte order,
// 64 bytes, the file being an array of them.
struct TallyRecord {
    std::array<char, 52> source;
    std::uint16_t reserved;
    std::uint16_t status;
    std::uint64_t time;
};
static_assert(sizeof(TallyRecord) == 64);

// pam_faillock uses the name as a file name.
bool can_be_a_tally(const std::string& user) {
    return !user.empty() && user != "." && user != ".." && user.front() != '-' &&
           user.find('/') == user.npos && user.find('\0') == user.npos;
}

// Seconds since 1970 of the failures that count. The file belongs to the
// user, so nothing in it is relied upon.
Result<std::vector<std::uint64_t>> counted_failures(const FaillockSettings& settings,
                                                    const std::string& user) {
    if (!can_be_a_tally(user)) return Error{ErrorKind::Rejected, "no name of a tally"};
    const UniqueFd directory{
        ::open(settings.directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!directory) return std::vector<std::uint64_t>{};
    auto bytes = read_file_at(directory, user, kMostRecords * sizeof(TallyRecord));
    if (!bytes && bytes.error().kind == ErrorKind::NotFound) return std::vector<std::uint64_t>{};
    if (!bytes) return std::move(bytes).error();
    std::vector<std::uint64_t> times;
    for (std::size_t at = 0; at + sizeof(TallyRecord) <= bytes->size(); at += sizeof(TallyRecord)) {
        TallyRecord record{};
        memcpy(&record, bytes->data() + at, sizeof record);
        if ((record.status & kValid) != 0) times.push_back(record.time);
    }
    return times;
}

bool is_admin(const std::string& group_name, const std::string& user) {
    if (group_name.empty()) return false;
    const auto account = find_local_account(user);
    // Not knowing is a yes: the stricter of the two rules is looked at.
    return !account || is_in_one_of({group_name}, *account, host_groups());
}

}  // namespace

LockState lock_state(const FaillockSettings& settings, const std::string& user, TimePoint now) {
    const auto failures = counted_failures(settings, user);
    if (!failures || failures->empty() || settings.deny == 0) return LockState::NotLocked;
    const bool admin = is_admin(settings.admin_group, user);
    if (admin && !settings.even_deny_root) return LockState::NotLocked;
    const std::uint64_t latest = *std::max_element(failures->begin(), failures->end());
    const auto interval = static_cast<std::uint64_t>(settings.fail_interval.count());
    const auto recent = std::count_if(failures->begin(), failures->end(),
                                      [&](std::uint64_t time) { return latest - time < interval; });
    if (recent < static_cast<std::ptrdiff_t>(settings.deny)) return LockState::NotLocked;

    const auto unlock_time =
        admin ? settings.root_unlock_time.value_or(settings.unlock_time) : settings.unlock_time;
    if (unlock_time.count() == 0) return LockState::HeldForEver;
    const auto today = static_cast<std::uint64_t>(now.time_since_epoch().count());
    const auto end = latest + static_cast<std::uint64_t>(unlock_time.count());
    return end < today ? LockState::NotLocked : LockState::Locked;
}

Result<bool> clear_lockout(const FaillockSettings& settings, const std::string& user) {
    if (!can_be_a_tally(user)) return Error{ErrorKind::Rejected, "no name of a tally"};
    const Program faillock{kFaillock, {"--user", user, "--reset", "--dir", settings.directory}, {}};
    auto child = start(faillock, UniqueFd{});
    if (!child) return std::move(child).error();
    auto status = child->wait(std::chrono::steady_clock::now() + kTimeToClear);
    if (!status) return false;
    // Its exit status alone is not relied upon: it is 0 in cases where it did nothing.
    auto left = counted_failures(settings, user);
    if (!left) return false;
    if (!left->empty())
        return Error{ErrorKind::Unavailable,
                     "faillock: exit status " + std::to_string(*status) + ", tally not cleared"};
    return true;
}

}  // namespace latchkey
