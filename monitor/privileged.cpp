// SPDX-License-Identifier: MIT
//
// Who can become root. Not knowing is a yes: then a saved recovery code is asked for.
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include "monitor/account.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kFirstGroupBuffer = 4096;
constexpr std::size_t kLargestGroupBuffer = std::size_t{16} << 20U;
constexpr int kMostGroups = 65536;       // NGROUPS_MAX
constexpr gid_t kGroupOfNobody = 65534;  // in /etc/group, as a local account's own is

template <typename List, typename Item>
bool contains(const List& list, const Item& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

// getgrgid(3) names these for "not found"; everything else is a source that did not answer.
bool means_not_found(int status) {
    return status == 0 || status == ENOENT || status == ESRCH;
}

// What NSS calls the group first; nothing if no source knows it.
Result<std::optional<std::string>> first_name_of(gid_t gid) {
    std::vector<char> buffer(kFirstGroupBuffer);
    group row{};
    group* found = nullptr;
    int status = ERANGE;
    while (status == ERANGE && buffer.size() <= kLargestGroupBuffer) {
        status = ::getgrgid_r(gid, &row, buffer.data(), buffer.size(), &found);
        if (status == ERANGE) buffer.resize(buffer.size() * 4);
    }
    if (found != nullptr) return std::optional{std::string{row.gr_name}};
    if (means_not_found(status)) return std::optional<std::string>{};
    return Error{ErrorKind::Unavailable,
                 "group " + std::to_string(gid) + ": " + strerrordesc_np(status)};
}

// One gid may have several names; /etc/group tells them all, other sources the first.
Result<std::vector<std::string>> find_names_of(const std::vector<gid_t>& gids) {
    std::vector<std::string> names;
    std::set<gid_t> elsewhere{gids.begin(), gids.end()};
    const std::unique_ptr<FILE, int (*)(FILE*)> file{::fopen("/etc/group", "re"), ::fclose};
    while (const group* row = file ? ::fgetgrent(file.get()) : nullptr)
        if (contains(gids, row->gr_gid)) {
            names.emplace_back(row->gr_name);
            elsewhere.erase(row->gr_gid);
        }
    for (const gid_t gid : elsewhere) {
        auto name = first_name_of(gid);
        if (!name) return std::move(name).error();
        if (*name) names.push_back(std::move(**name));
    }
    return names;
}

// getgrouplist(3) leaves out a source that does not answer without a word. A group
// that nobody has sends the question to every source, and that look-up tells.
Result<void> every_source_answers() {
    constexpr gid_t kNobodys = 4294967280;  // above every range in use, below (gid_t) -2
    auto asked = first_name_of(kNobodys);
    if (!asked) return std::move(asked).error();
    return {};
}

Result<std::vector<gid_t>> find_groups_of(const std::string& user, gid_t primary) {
    if (auto answered = every_source_answers(); !answered) return std::move(answered).error();
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

Result<std::vector<gid_t>> groups_with_primary(const Account& account,
                                               const GroupDatabase& groups) {
    auto own = groups.groups_of(account.name, account.gid);
    if (own) own->push_back(account.gid);
    return own;
}

// A look-up that fails counts as yes.
bool any_is_named(const std::vector<std::string>& names, const std::vector<gid_t>& gids,
                  const GroupDatabase& groups) {
    const auto known_as = groups.names_of(gids);
    return !known_as || std::any_of(known_as->begin(), known_as->end(),
                                    [&](const std::string& name) { return contains(names, name); });
}

}  // namespace

GroupDatabase host_groups() {
    return {find_names_of, find_groups_of};
}

bool is_in_one_of(const std::vector<std::string>& names, const Account& account,
                  const GroupDatabase& groups) {
    const auto own = groups_with_primary(account, groups);
    return !own || any_is_named(names, *own, groups);
}

bool can_become_root(const Account& account, const Settings& settings,
                     const GroupDatabase& groups) {
    // Asked first, and of everybody: where a directory has groups, who is not looked up shows.
    const auto own = groups_with_primary(account, groups);
    const bool by_group =
        !own || any_is_named(settings.privileged_groups, *own, groups) || contains(*own, gid_t{0});
    return by_group || account.uid == 0 || contains(settings.privileged_users, account.name);
}

bool named_can_become_root(const std::optional<Account>& account, const std::string& typed_name,
                           const Settings& settings, const GroupDatabase& groups) {
    if (account) return can_become_root(*account, settings, groups);
    Account nobody;
    nobody.name = can_be_a_name(typed_name) ? typed_name : std::string{"nobody"};
    nobody.gid = kGroupOfNobody;
    (void)can_become_root(nobody, settings, groups);
    return true;
}

bool subject_can_become_root(const SubjectKey& subject, const Settings& settings,
                             const HostFiles& files, const GroupDatabase& groups) {
    const auto colon = subject.find(':');
    if (colon == SubjectKey::npos) return true;
    const auto account = find_local_account(subject.substr(colon + 1), files);
    return !account || subject_of(*account) != subject ||
           can_become_root(*account, settings, groups);
}

}  // namespace latchkey
