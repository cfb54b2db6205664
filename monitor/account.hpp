// SPDX-License-Identifier: MIT
//
// The account named at the prompt: looked up, frozen, judged, looked up again.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/recovery.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "core/settings.hpp"

namespace latchkey {

// A row of shadow(5). Days count from 1970-01-01; -1 stands for an empty field.
struct ShadowRow {
    Secret password;
    long last_change = -1;
    long min_age = -1;
    long max_age = -1;
    long inactive = -1;
    long expire = -1;
};

struct Account {
    std::string name;  // as the passwd row has it, never as it was typed
    uid_t uid = 0;
    gid_t gid = 0;
    std::string home;
    std::string shell;
    ShadowRow shadow;
};

// Where this host keeps what is asked here.
struct HostFiles {
    std::string passwd = "/etc/passwd";
    std::string shadow = "/etc/shadow";
    std::string login_defs = "/etc/login.defs";
    std::string shells = "/etc/shells";
};

// What the host says about accounts in general.
struct HostAccountRules {
    uid_t uid_min = 1000;             // login.defs UID_MIN
    uid_t uid_max = 60000;            // login.defs UID_MAX
    std::vector<std::string> shells;  // shells(5)
};
// What cannot be read keeps its default; without shells(5) nobody is eligible.
[[nodiscard]] HostAccountRules read_host_account_rules(const HostFiles& files = {});

// The local account of that name: a row in /etc/passwd *and* in /etc/shadow, read
// from those files and not through NSS, so that a directory's account is not
// mistaken for one of this host. Nothing for any other name; for a name
// with control characters, '/', ':' or more than 256 bytes; for a name that has two
// rows; and where the passwd row does not say "x", since the shadow row is not
// what counts then. Both files are read to their end whatever the name is.
[[nodiscard]] std::optional<Account> find_local_account(const std::string& name,
                                                        const HostFiles& files = {});

// Name and uid of every account that find_local_account() finds, from one reading of the two
// files. Empty if either cannot be read to its end.
[[nodiscard]] std::unordered_map<std::string, uid_t> local_accounts(const HostFiles& files = {});

// True if an account may have that name: 1 to 256 bytes without control characters, '/' and ':',
// not beginning with '+' or '-'.
[[nodiscard]] bool can_be_a_name(const std::string& name);

// True if the field holds a hash of a password that crypt(3) can check: yescrypt,
// gost-yescrypt, scrypt, bcrypt, SHA-2, SHA-1, MD5 and DES, by the formats of crypt(5).
[[nodiscard]] bool is_crypt_hash(std::string_view field);

// Allow-list (docs/threat-model): password field in crypt(3) syntax, uid within
// bounds, shell listed and not nologin or false, not expired, not inactive, and
// a clock that can be right: not before 2025 and not before the last change.
[[nodiscard]] bool is_eligible(const Account& account, const HostAccountRules& rules,
                               TimePoint now);
// The first of these that does not hold, for administrators' eyes; empty if eligible.
[[nodiscard]] std::string_view why_not_eligible(const Account& account,
                                                const HostAccountRules& rules, TimePoint now);

// True if uid, gid, home, shell and the whole shadow row are what they were.
[[nodiscard]] bool is_unchanged(const Account& then, const Account& now);

// Groups as NSS knows them, a directory's included. Injected, so that a
// directory that does not answer can be played.
struct GroupDatabase {
    // All names of these groups; none if they have no name. Unavailable: a source did not
    // answer. Asked by number, of the groups a user is in: asking for each
    // privileged name sends those that do not exist to every source of NSS.
    std::function<Result<std::vector<std::string>>(const std::vector<gid_t>& gids)> names_of;
    // Every group of the user, with `primary`.
    std::function<Result<std::vector<gid_t>>(const std::string& user, gid_t primary)> groups_of;
};
[[nodiscard]] GroupDatabase host_groups();

// A look-up that fails counts as yes.
[[nodiscard]] bool is_in_one_of(const std::vector<std::string>& names, const Account& account,
                                const GroupDatabase& groups);

// Member of a privileged group or named in the settings. A look-up that fails counts as yes.
[[nodiscard]] bool can_become_root(const Account& account, const Settings& settings,
                                   const GroupDatabase& groups = host_groups());

// Of whoever was named at a prompt; who is no account counts as yes. The same look-ups are
// made for every name, because a directory may be slow to answer them.
[[nodiscard]] bool named_can_become_root(const std::optional<Account>& account,
                                         const std::string& typed_name, const Settings& settings,
                                         const GroupDatabase& groups = host_groups());

// The same of whom "1001:ada" names. Nobody, a bucket, or another uid counts as yes.
[[nodiscard]] bool subject_can_become_root(const SubjectKey& subject, const Settings& settings,
                                           const HostFiles& files = {},
                                           const GroupDatabase& groups = host_groups());

// "1001:ada" for an account; "#0042" for a name that is none, by a keyed hash
// of the name with the master key.
[[nodiscard]] SubjectKey subject_of(const Account& account);
[[nodiscard]] SubjectKey bucket_of(const std::string& typed_name, const Secret& master_key);

}  // namespace latchkey
