// SPDX-License-Identifier: MIT
//
// Who can become root. Not knowing is a yes: then a saved recovery code is asked for.
#include <errno.h>
#include <grp.h>
#include <string.h>

#include <algorithm>

#include "monitor/account.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kFirstGroupBuffer = 4096;
constexpr std::size_t kLargestGroupBuffer = std::size_t{16} << 20U;
constexpr int kMostGroups = 65536;  // NGROUPS_MAX

// getgrnam(3) names these for "not found"; everything else is a source that did not answer.
bool means_not_found(int status) {
    return status == 0 || status == ENOENT || status == ESRCH;
}

Result<std::optional<Group>> find_group(const std::string& name) {
    std::vector<char> buffer(kFirstGroupBuffer);
    group row{};
    group* found = nullptr;
    int status = ERANGE;
    while (status == ERANGE && buffer.size() <= kLargestGroupBuffer) {
        status = ::getgrnam_r(name.c_str(), &row, buffer.data(), buffer.size(), &found);
        if (status == ERANGE) buffer.resize(buffer.size() * 4);
    }
    if (found != nullptr) {
        Group result{row.gr_gid, {}};
        for (char** member = row.gr_mem; *member != nullptr; ++member)
            result.members.emplace_back(*member);
        return std::optional{std::move(result)};
    }
    if (means_not_found(status)) return std::optional<Group>{};
    return Error{ErrorKind::Unavailable, "group " + name + ": " + strerrordesc_np(status)};
}

Result<std::vector<gid_t>> find_groups_of(const std::string& user, gid_t primary) {
    std::vector<gid_t> groups(64);
    auto count = static_cast<int>(groups.size());
    while (::getgrouplist(user.c_str(), primary, groups.data(), &count) < 0) {
        if (count <= static_cast<int>(groups.size()) || count > kMostGroups)
            return Error{ErrorKind::Unavailable, "groups of " + user};
        groups.resize(static_cast<std::size_t>(count));
    }
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

template <typename List, typename Item>
bool contains(const List& list, const Item& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

GroupDatabase host_groups() {
    return {find_group, find_groups_of};
}

bool can_become_root(const Account& account, const Settings& settings,
                     const GroupDatabase& groups) {
    if (account.uid == 0 || contains(settings.privileged_users, account.name)) return true;
    const auto own = groups.groups_of(account.name, account.gid);
    if (!own || account.gid == 0 || contains(*own, gid_t{0})) return true;
    for (const std::string& name : settings.privileged_groups) {
        const auto found = groups.find(name);
        if (!found) return true;
        if (!found->has_value()) continue;
        const Group& privileged = **found;
        if (privileged.gid == account.gid || contains(*own, privileged.gid) ||
            contains(privileged.members, account.name))
            return true;
    }
    return false;
}

}  // namespace latchkey
