// SPDX-License-Identifier: MIT
#include <algorithm>

#include "cli/check_sudo.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/host_tree.hpp"

using namespace latchkey;
using namespace latchkey::cli;

namespace {

constexpr const char* kPeople =
    "root:x:0:0::/root:/bin/bash\nada:x:1000:1000::/:/bin/sh\nben:x:1001:1001::/:/bin/sh\n"
    "eve:x:1002:1002::/:/bin/sh\nnagios:x:110:110::/:/bin/false\n";

// The names that check warns of, in their order.
std::vector<std::string> warned_of(const std::map<std::string, std::string>& files,
                                   const Settings& settings = {}) {
    HostTree tree;
    tree.settings = settings;
    tree.put("/etc/passwd", kPeople);
    for (const auto& [path, text] : files) tree.put(path, text, 0440);
    std::vector<std::string> names;
    for (const Finding& finding : check_sudo(tree.host())) {
        if (finding.level == Level::Ok) continue;
        CHECK(finding.level == Level::Warn);
        const std::size_t begin = finding.mend.find('"') + 1;
        names.push_back(finding.mend.substr(begin, finding.mend.find('"', begin) - begin));
    }
    return names;
}
std::vector<std::string> warned_of_sudoers(const std::string& text) {
    return warned_of({{"/etc/sudoers", text}});
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("nobody is warned of where sudoers names the usual groups and system accounts") {
    CHECK(warned_of({}).empty());
    CHECK(warned_of_sudoers("# ada ALL=(ALL) ALL\n"
                            "Defaults\tenv_reset\nDefaults:ada !lecture\n"
                            "Cmnd_Alias PAGERS = /usr/bin/less, /usr/bin/more\n"
                            "root\tALL=(ALL:ALL) ALL\n%sudo\tALL=(ALL:ALL) ALL\n"
                            "nagios ALL=(root) NOPASSWD: /usr/lib/check\nabsent ALL=(ALL) ALL\n"
                            "#includedir /etc/absent\n@include /etc/absent\n")
              .empty());
}

TEST_CASE("people and groups that sudoers names are warned of, wherever it does") {
    CHECK(warned_of_sudoers("ada ALL=(ALL) ALL\n") == Names{"ada"});
    CHECK(warned_of_sudoers("ada,ben , eve ALL = ALL # one line\n") == Names{"ada", "ben", "eve"});
    CHECK(warned_of_sudoers("ada,\\\n  ben \\\n ALL=(ALL) ALL\n") == Names{"ada", "ben"});
    CHECK(warned_of_sudoers("%ops ALL=(ALL) ALL\n%:far ALL=(ALL) ALL\n") == Names{":far", "ops"});
    CHECK(warned_of_sudoers("ALL ALL=(ALL) ALL\n") == Names{"ALL"});
    CHECK(warned_of_sudoers("#1002 ALL=(ALL) ALL\n") == Names{"#1002"});
    CHECK(warned_of_sudoers("ALL, !ada ALL=(ALL) ALL\n") == Names{"ALL"});
    CHECK(warned_of_sudoers("User_Alias ADMINS = ada, ben:OTHERS=eve\nADMINS ALL=(ALL) ALL\n") ==
          Names{"ada", "ben", "eve"});
    CHECK(warned_of({{"/etc/sudoers", "@includedir /etc/sudoers.d\n#include local\n"},
                     {"/etc/sudoers.d/ada", "ada ALL=(ALL) ALL\n"},
                     {"/etc/sudoers.d/ben.bak", "ben ALL=(ALL) ALL\n"},
                     {"/etc/sudoers.d/ben~", "ben ALL=(ALL) ALL\n"},
                     {"/etc/local", "eve ALL=(ALL) ALL\n"}}) == Names{"ada", "eve"});
}

TEST_CASE("who is named in the settings is not warned of") {
    Settings settings;
    settings.privileged_users = {"ada"};
    settings.privileged_groups.emplace_back("ops");
    CHECK(warned_of({{"/etc/sudoers", "ada ALL=(ALL) ALL\n%ops ALL=(ALL) ALL\n"},
                     {"/etc/doas.conf", "permit ada\npermit :ops\n"}},
                    settings)
              .empty());
}

TEST_CASE("doas names people and groups as well") {
    CHECK(warned_of({{"/etc/doas.conf",
                      "# permit eve\npermit nopass keepenv ada as root\ndeny eve\n"
                      "permit persist setenv { -ENV PS1=x } :ops cmd reboot\npermit :wheel\n"
                      "permit\npermit setenv { broken\n"}}) == Names{"ops", "ada"});
}

TEST_CASE("sudoers that include themselves, or are damaged, come to an end") {
    CHECK(warned_of_sudoers("@include /etc/sudoers\nada ALL=(ALL) ALL\n") == Names{"ada"});
    for (const char* text : {",", ",,,", "%", "%:", "!", "\\", "\\\n", "#", "User_Alias",
                             "User_Alias =", "ada", "=", "@include", "\x01\xff"})
        CHECK(warned_of_sudoers(text).size() <= 1);
}
