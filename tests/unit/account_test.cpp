// SPDX-License-Identifier: MIT
#include "monitor/account.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "monitor/known_administrator.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/hostile_values.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;

namespace {

// passwd and shadow of a host of our own.
struct Host {
    TemporaryDirectory directory;
    HostFiles files;

    Host(const std::string& passwd, const std::string& shadow) {
        files.passwd = directory.write("passwd", passwd);
        files.shadow = directory.write("shadow", shadow);
        files.login_defs = directory.file("login.defs");
        files.shells = directory.file("shells");
    }
    [[nodiscard]] std::optional<Account> find(const std::string& name) const {
        return find_local_account(name, files);
    }
};

const char* const kAdaPasswd = "ada:x:1001:1002:Ada,,,:/home/ada:/bin/bash\n";
const char* const kAdaShadow = "ada:$6$salt$hash:20000:1:90:7:14:30000:\n";

Account ada() {
    return *Host{kAdaPasswd, kAdaShadow}.find("ada");
}

GroupDatabase groups_with(std::multimap<gid_t, std::string> named, std::vector<gid_t> own) {
    GroupDatabase groups;
    groups.names_of = [named = std::move(named)](const std::vector<gid_t>& gids) {
        std::vector<std::string> names;
        for (const gid_t gid : std::set<gid_t>{gids.begin(), gids.end()}) {
            const auto [first, last] = named.equal_range(gid);
            for (auto each = first; each != last; ++each) names.push_back(each->second);
        }
        return Result<std::vector<std::string>>{std::move(names)};
    };
    groups.groups_of = [own = std::move(own)](const std::string&, gid_t) {
        return Result<std::vector<gid_t>>{own};
    };
    return groups;
}

}  // namespace

TEST_CASE("a local account is what its two rows say") {
    const Account account = ada();
    CHECK(account.name == "ada");
    CHECK(account.uid == 1001);
    CHECK(account.gid == 1002);
    CHECK(account.home == "/home/ada");
    CHECK(account.shell == "/bin/bash");
    CHECK(account.shadow.password.reveal() == "$6$salt$hash");
    CHECK(account.shadow.last_change == 20000);
    CHECK(account.shadow.min_age == 1);
    CHECK(account.shadow.max_age == 90);
    CHECK(account.shadow.inactive == 14);
    CHECK(account.shadow.expire == 30000);
    CHECK(subject_of(account) == "1001:ada");
}

TEST_CASE("an account behind long rows, and one whose own row is long, is found") {
    const std::string gecos(20'000, 'g');
    const std::string row = "ada:x:1001:1002:" + gecos + ":/home/ada:/bin/bash\n";
    const std::string before = "bob:x:1002:1002:" + gecos + ":/home/bob:/bin/sh\n";
    const auto account =
        Host{before + row, "bob:*:1:::::" + std::string(5000, '9') + ":\n" + kAdaShadow}.find(
            "ada");
    REQUIRE(account);
    CHECK(account->uid == 1001);
    CHECK(account->home == "/home/ada");
    CHECK(account->shadow.password.reveal() == "$6$salt$hash");
}

TEST_CASE("empty shadow fields are -1") {
    const auto account = Host{kAdaPasswd, "ada:$6$salt$hash:::::::\n"}.find("ada");
    REQUIRE(account);
    CHECK(account->shadow.last_change == -1);
    CHECK(account->shadow.min_age == -1);
    CHECK(account->shadow.max_age == -1);
    CHECK(account->shadow.inactive == -1);
    CHECK(account->shadow.expire == -1);
}

TEST_CASE("an account without both rows, or with two of one, is none") {
    const std::string passwd = kAdaPasswd;
    const std::string shadow = kAdaShadow;
    CHECK_FALSE(Host(passwd, "").find("ada"));
    CHECK_FALSE(Host("", shadow).find("ada"));
    CHECK_FALSE(Host(passwd, "bob:*:20000::::::\n").find("ada"));
    CHECK_FALSE(Host(passwd + passwd, shadow).find("ada"));
    CHECK_FALSE(Host(passwd + "ada:x:0:0::/root:/bin/bash\n", shadow).find("ada"));
    CHECK_FALSE(Host(passwd, shadow + "ada::20000::::::\n").find("ada"));
    CHECK(
        Host("bob:x:1000:1000::/:/bin/sh\n" + passwd, "bob:*:20000::::::\n" + shadow).find("ada"));
}

TEST_CASE("all local accounts are those that are found by their names, and no others") {
    const std::string rows =
        "bob:x:1000:1000::/:/bin/sh\n+::::::\neve:*:1003:1003::/:/bin/sh\n"
        "two:x:1004:1004::/:/bin/sh\ntwo:x:0:0::/:/bin/sh\nbare:x:1005:1005::/:/bin/sh\n"
        "-dash:x:1006:1006::/:/bin/sh\ndouble:x:1007:1007::/:/bin/sh\n";
    const Host host{kAdaPasswd + rows,
                    std::string{kAdaShadow} +
                        "bob:*:20000::::::\neve:*:20000::::::\ntwo:*:20000::::::\n"
                        "-dash:*:20000::::::\ndouble:*:20000::::::\ndouble:*:20000::::::\n"};
    const std::unordered_map<std::string, uid_t> all = local_accounts(host.files);
    CHECK(all == std::unordered_map<std::string, uid_t>{{"ada", 1001}, {"bob", 1000}});
    for (const char* name : {"ada", "bob", "eve", "two", "bare", "-dash", "double", "+", "nobody"})
        CHECK(all.contains(name) == host.find(name).has_value());
    CHECK(local_accounts(Host{kAdaPasswd, "ada:$6$salt$hash:notanumber::::::\n"}.files).empty());
    CHECK(local_accounts(Host{"", kAdaShadow}.files).empty());
}

TEST_CASE("an account whose password is not in shadow is none") {
    for (const char* field : {"", "*", "!", "$6$salt$hash", "##ada", "xx"})
        CHECK_FALSE(
            Host("ada:" + std::string{field} + ":1001:1001::/home/ada:/bin/bash\n", kAdaShadow)
                .find("ada"));
}

TEST_CASE("a damaged, absent or endless file has no accounts") {
    Host host{kAdaPasswd, kAdaShadow};
    CHECK_FALSE(Host(kAdaPasswd, "ada:$6$salt$hash:notanumber::::::\n").find("ada"));
    CHECK_FALSE(Host("ada:x:notanumber:1001::/:/bin/sh\n", kAdaShadow).find("ada"));
    const std::string endless = "eve:" + std::string(200000, 'a') + ":1::::::\n";
    CHECK_FALSE(Host(kAdaPasswd, endless + kAdaShadow).find("ada"));
    host.files.shadow = host.directory.file("absent");
    CHECK_FALSE(host.find("ada"));
    host.files.shadow = host.directory.path();
    CHECK_FALSE(host.find("ada"));
}

TEST_CASE("hostile names are no accounts, and names are never matched in part") {
    const Host host{std::string{kAdaPasswd} + "+::::::\n", std::string{kAdaShadow} + "+::::::::\n"};
    for (const HostileValue& value : hostile_values()) {
        CAPTURE(value.name);
        CHECK_FALSE(host.find(value.bytes));
    }
    for (const char* name :
         {"", "a", "ad", "adaa", "ADA", "Ada", "ada ", " ada", "ada:x", "+", "-"})
        CHECK_FALSE(host.find(name));
    CHECK_FALSE(host.find(std::string("ada\0", 4)));
    CHECK_FALSE(host.find(std::string("ada\0root", 8)));
    CHECK_FALSE(host.find(std::string(257, 'a')));
}

TEST_CASE("every change of an account is noticed") {
    const Account then = ada();
    CHECK(is_unchanged(then, ada()));
    const auto changed = [&](const auto& change) {
        Account now = ada();
        change(now);
        return !is_unchanged(then, now);
    };
    CHECK(changed([](Account& a) { a.name = "bob"; }));
    CHECK(changed([](Account& a) { a.uid = 1003; }));
    CHECK(changed([](Account& a) { a.gid = 0; }));
    CHECK(changed([](Account& a) { a.home = "/"; }));
    CHECK(changed([](Account& a) { a.shell = "/usr/sbin/nologin"; }));
    CHECK(changed([](Account& a) { a.shadow.password = Secret{"!$6$salt$hash"}; }));
    CHECK(changed([](Account& a) { a.shadow.password = Secret{""}; }));
    CHECK(changed([](Account& a) { a.shadow.last_change = 20001; }));
    CHECK(changed([](Account& a) { a.shadow.min_age = -1; }));
    CHECK(changed([](Account& a) { a.shadow.max_age = 91; }));
    CHECK(changed([](Account& a) { a.shadow.inactive = 0; }));
    CHECK(changed([](Account& a) { a.shadow.expire = 0; }));
}

TEST_CASE("the host's rules are those of login.defs and shells") {
    Host host{"", ""};
    host.directory.write("login.defs",
                         "# UID_MIN 5\nUID_MIN\t\t\t  500\nUID_MAX 0x7530 # thirty thousand\n"
                         "SYS_UID_MIN 100\n");
    host.directory.write("shells", "# /bin/evil\n/bin/sh\n  /bin/bash # usual\nbash\n\n");
    const HostAccountRules rules = read_host_account_rules(host.files);
    CHECK(rules.uid_min == 500);
    CHECK(rules.uid_max == 30000);
    CHECK(rules.shells == std::vector<std::string>{"/bin/sh", "/bin/bash"});

    host.directory.write("login.defs", "UID_MIN -5x\nUID_MAX 99999999999999999999\n");
    const HostAccountRules defaults = read_host_account_rules(host.files);
    CHECK(defaults.uid_min == 1000);
    CHECK(defaults.uid_max == 60000);
    host.files.shells = host.directory.file("absent");
    CHECK(read_host_account_rules(host.files).shells.empty());
}

TEST_CASE("members of privileged groups can become root, by list, by primary or by other group") {
    const Account account = ada();
    const Settings settings;
    CHECK_FALSE(can_become_root(account, settings, groups_with({}, {1002})));
    CHECK_FALSE(can_become_root(account, settings, groups_with({{27, "sudo"}}, {1002})));
    CHECK(can_become_root(account, settings, groups_with({{27, "sudo"}}, {1002, 27})));
    CHECK(can_become_root(account, settings, groups_with({{99, "docker"}}, {1002, 99})));
    CHECK(can_become_root(account, settings, groups_with({{1002, "disk"}}, {1002})));
    CHECK(can_become_root(account, settings, groups_with({{1002, "disk"}}, {})));
    CHECK(can_become_root(account, settings, groups_with({{99, "games"}, {99, "sudo"}}, {99})));
    CHECK(can_become_root(account, settings, groups_with({}, {1002, 0})));
    CHECK_FALSE(can_become_root(account, settings, groups_with({{60, "games"}}, {60})));

    Settings named;
    named.privileged_users = {"ada"};
    CHECK(can_become_root(account, named, groups_with({}, {1002})));
    Settings own_group;
    own_group.privileged_groups = {"games"};
    CHECK(can_become_root(account, own_group, groups_with({{60, "games"}}, {1002, 60})));
}

TEST_CASE("a group look-up that fails counts as can become root") {
    const Account account = ada();
    const Error silent{ErrorKind::Unavailable, "the directory does not answer"};
    GroupDatabase groups = groups_with({}, {1002});
    groups.names_of = [&](const auto&) { return Result<std::vector<std::string>>{silent}; };
    CHECK(can_become_root(account, Settings{}, groups));
    groups = groups_with({}, {1002});
    groups.groups_of = [&](const std::string&, gid_t) {
        return Result<std::vector<gid_t>>{silent};
    };
    CHECK(can_become_root(account, Settings{}, groups));
}

TEST_CASE("who is told as an administrator is known to be one") {
    const Account account = ada();
    const Error silent{ErrorKind::Unavailable, "the directory does not answer"};
    GroupDatabase groups = groups_with({{27, "sudo"}}, {1002, 27});
    CHECK(is_known_administrator(account, Settings{}, groups));
    CHECK_FALSE(is_known_administrator(account, Settings{}, groups_with({}, {1002})));
    groups.names_of = [&](const auto&) { return Result<std::vector<std::string>>{silent}; };
    CHECK_FALSE(is_known_administrator(account, Settings{}, groups));
    groups = groups_with({}, {1002});
    groups.groups_of = [&](const std::string&, gid_t) {
        return Result<std::vector<gid_t>>{silent};
    };
    CHECK_FALSE(is_known_administrator(account, Settings{}, groups));
    Settings named;
    named.privileged_users = {"ada"};
    CHECK(is_known_administrator(account, named, groups));
    Account root = ada();
    root.uid = 0;
    CHECK(is_known_administrator(root, Settings{}, groups));
}

TEST_CASE("the same groups are looked up for every name that is typed") {
    std::string asked;
    GroupDatabase groups = groups_with({{1002, "ada"}, {65534, "nogroup"}, {0, "root"}}, {});
    const GroupDatabase host = groups;
    groups.names_of = [&](const std::vector<gid_t>& gids) {
        asked += "names of " + std::to_string(gids.size()) + "; ";
        return host.names_of(gids);
    };
    groups.groups_of = [&](const std::string& user, gid_t gid) {
        asked += "groups; ";
        CHECK(user.find('/') == std::string::npos);
        return Result<std::vector<gid_t>>{host.groups_of(user, gid)};
    };
    const auto looked_up = [&](const std::optional<Account>& account, const std::string& name,
                               const Settings& settings, bool expected) {
        asked.clear();
        CHECK(named_can_become_root(account, name, settings, groups) == expected);
        return asked;
    };
    const std::string of_ada = looked_up(ada(), "ada", {}, false);
    CHECK(of_ada == "groups; names of 1; ");
    CHECK(looked_up({}, "nobodys", {}, true) == of_ada);
    CHECK(looked_up({}, "no/name", {}, true) == of_ada);
    Account root = ada();
    root.uid = 0;
    root.gid = 0;
    CHECK(looked_up(std::move(root), "root", {}, true) == of_ada);
    Settings named;
    named.privileged_users = {"ada"};
    CHECK(looked_up(ada(), "ada", named, true) == of_ada);
}

TEST_CASE("of a subject that is no account of this host nobody knows that it cannot become root") {
    const Host host{kAdaPasswd, kAdaShadow};
    const auto can = [&](const SubjectKey& subject, const GroupDatabase& groups) {
        return subject_can_become_root(subject, Settings{}, host.files, groups);
    };
    const GroupDatabase plain = groups_with({{27, "sudo"}}, {1002});
    CHECK_FALSE(can("1001:ada", plain));
    CHECK(can("1001:ada", groups_with({{27, "sudo"}}, {1002, 27})));
    for (const char* subject :
         {"", "#0042", "ada", "1001:", "1001:ben", "1002:ada", "01001:ada", "0:ada", ":ada"}) {
        CAPTURE(subject);
        CHECK(can(subject, plain));
    }
}

TEST_CASE("the host's own groups are found, and absent ones are not") {
    const GroupDatabase groups = host_groups();
    const auto some = groups.names_of({0, 1, 1999999999, 0});
    REQUIRE(some);
    CHECK(*some == std::vector<std::string>{"root", "daemon"});
    const auto absent = groups.names_of({1999999999});
    REQUIRE(absent);
    CHECK(absent->empty());
    const auto own = groups.groups_of("no-such-user-here", 4711);
    REQUIRE(own);
    CHECK(*own == std::vector<gid_t>{4711});
}
