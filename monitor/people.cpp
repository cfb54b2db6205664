// SPDX-License-Identifier: MIT
#include "monitor/people.hpp"

#include <pwd.h>

#include <cstdio>
#include <memory>
#include <utility>

namespace latchkey {

std::vector<Account> accounts_of_people(const std::set<std::string>& enrolled) {
    const HostAccountRules rules = read_host_account_rules();
    std::vector<Account> accounts;
    const std::unique_ptr<FILE, int (*)(FILE*)> file{::fopen("/etc/passwd", "re"), ::fclose};
    while (file) {
        const passwd* row = ::fgetpwent(file.get());
        if (row == nullptr) break;
        auto account = find_local_account(row->pw_name);
        if (!account) continue;
        const bool is_person = account->uid >= rules.uid_min && account->uid <= rules.uid_max;
        if (is_person || enrolled.contains(subject_of(*account)))
            accounts.push_back(std::move(*account));
    }
    return accounts;
}

std::optional<Account> account_of_uid(uid_t uid) {
    const std::unique_ptr<FILE, int (*)(FILE*)> file{::fopen("/etc/passwd", "re"), ::fclose};
    while (file) {
        const passwd* row = ::fgetpwent(file.get());
        if (row == nullptr) break;
        if (row->pw_uid != uid) continue;
        auto account = find_local_account(row->pw_name);
        if (account && account->uid == uid) return account;
        return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace latchkey
