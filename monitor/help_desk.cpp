// SPDX-License-Identifier: MIT
#include "monitor/help_desk.hpp"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <sys/file.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "monitor/root_files.hpp"
#include "monitor/row_text.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLargest = 4096;
constexpr std::chrono::hours kWindow{1};

bool has_member(const group& row, const std::string& name) {
    for (char** member = row.gr_mem; member != nullptr && *member != nullptr; ++member)
        if (name == *member) return true;
    return false;
}

// One line for each act: seconds since 1970.
Result<std::vector<TimePoint>> acts_in(const UniqueFd& directory, const std::string& file) {
    const auto text = read_file_at(directory, file, kLargest);
    if (!text && text.error().kind == ErrorKind::NotFound) return std::vector<TimePoint>{};
    if (!text) return Error{text.error()};
    std::vector<TimePoint> acts;
    for (const std::string_view line : split(*text, '\n')) {
        if (line.empty()) continue;
        const auto seconds = number_in<std::int64_t>(line);
        if (!seconds) return Error{ErrorKind::Corrupt, "acts of the help desk " + file};
        acts.emplace_back(std::chrono::seconds{*seconds});
    }
    return acts;
}

std::string text_of(const std::vector<TimePoint>& acts) {
    std::string text;
    for (const TimePoint at : acts) text += std::to_string(at.time_since_epoch().count()) + '\n';
    return text;
}

}  // namespace

bool is_helper(const Account& account, const std::string& file) {
    const std::unique_ptr<FILE, int (*)(FILE*)> groups{::fopen(file.c_str(), "re"), ::fclose};
    if (!groups) return false;
    int rows = 0;
    bool is_member = false;
    errno = 0;
    while (const group* row = ::fgetgrent(groups.get())) {
        if (std::string_view{row->gr_name} != kHelpDeskGroup) continue;
        ++rows;
        is_member =
            row->gr_gid != 0 && (row->gr_gid == account.gid || has_member(*row, account.name));
    }
    const bool is_complete = std::ferror(groups.get()) == 0 && std::feof(groups.get()) != 0;
    return is_complete && rows == 1 && is_member;
}

bool may_help_with(const wire::AdminRequest& request) {
    switch (request.verb) {
        case wire::AdminVerb::Status:
        case wire::AdminVerb::Unlock:
        case wire::AdminVerb::Reset:
        case wire::AdminVerb::PassIssue:
        case wire::AdminVerb::PassList:
        case wire::AdminVerb::PassRevoke:
            // Of one account and not of all, and no address in full.
            return !request.user.empty() && !request.show;
        default:
            return false;
    }
}

std::string why_not_such_a_pass(const wire::AdminRequest& request) {
    if (request.verb != wire::AdminVerb::PassIssue) return {};
    if (request.many)
        return "only root gives a pass that works more than once; leave --many out, or ask the "
               "administrator";
    if (request.lifetime > kLongestPassOfHelper)
        return "a pass of the help desk lives 24 hours at most; say --for 24h or less, or ask the "
               "administrator";
    return {};
}

bool is_act_of_helper(wire::AdminVerb verb) {
    return verb != wire::AdminVerb::Status && verb != wire::AdminVerb::PassList;
}

HelpDeskActs::HelpDeskActs(std::string directory, uid_t uid)
    : directory_(std::move(directory)), file_(std::to_string(uid)) {}

Result<void> HelpDeskActs::begin(TimePoint now) {
    auto directory = open_locked_directory(directory_, "helpdesk", LOCK_EX);
    if (!directory) return std::move(directory).error();
    auto acts = acts_in(*directory, file_);
    if (!acts) return std::move(acts).error();
    std::erase_if(*acts, [now](TimePoint at) { return at <= now - kWindow; });
    if (acts->size() >= kMostPerHour)
        return Error{ErrorKind::Rejected, "as many acts as a helper may do within an hour"};
    acts->push_back(now);
    return replace_file_at(*directory, file_, text_of(*acts));
}

}  // namespace latchkey
