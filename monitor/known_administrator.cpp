// SPDX-License-Identifier: MIT
#include "monitor/known_administrator.hpp"

#include <algorithm>

namespace latchkey {

bool is_known_administrator(const Account& account, const Settings& settings,
                            const GroupDatabase& groups) {
    const auto& named = settings.privileged_users;
    if (account.uid == 0 || std::find(named.begin(), named.end(), account.name) != named.end())
        return true;
    bool is_known = true;
    GroupDatabase watched;
    watched.names_of = [&](const std::vector<gid_t>& gids) {
        auto names = groups.names_of(gids);
        is_known = is_known && names;
        return names;
    };
    watched.groups_of = [&](const std::string& user, gid_t primary) {
        auto own = groups.groups_of(user, primary);
        is_known = is_known && own;
        return own;
    };
    return can_become_root(account, settings, watched) && is_known;
}

}  // namespace latchkey
