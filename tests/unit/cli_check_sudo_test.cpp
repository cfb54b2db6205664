// SPDX-License-Identifier: MIT
#include <algorithm>

#include "cli/check_sudo.hpp"
#include "config/settings_draft.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/host_tree.hpp"

using namespace latchkey;
using namespace latchkey::cli;

namespace {

constexpr const char* kPeople =
    "root:x:0:0::/root:/bin/bash\nada:x:1000:1000::/:/bin/sh\nben:x:1001:1001::/:/bin/sh\n"
    "eve:x:1002:1002::/:/bin/sh\nnagios:x:110:110::/:/bin/false\n";

Findings findings_of(const std::map<std::string, std::string>& files, const Settings& settings) {
    HostTree tree;
    tree.settings = settings;
    tree.put("/etc/passwd", kPeople);
    for (const auto& [path, text] : files) tree.put(path, text, 0440);
    return check_sudo(tree.host());
}

// The names that check wants in the settings, in their order.
std::vector<std::string> warned_of(const std::map<std::string, std::string>& files,
                                   const Settings& settings = {}) {
    std::vector<std::string> names;
    for (const Finding& finding : findings_of(files, settings)) {
        if (finding.level == Level::Ok) continue;
        CHECK(finding.level == Level::Warn);
        const std::size_t begin = finding.mend.find('"') + 1;
        if (begin == 0) continue;  // no settings mend it
        names.push_back(finding.mend.substr(begin, finding.mend.find('"', begin) - begin));
        // What is advised must not switch recovery off.
        CHECK(names_in(Written{{"privileged_users"}, {}, Words{names.back()}}));
    }
    return names;
}
// What it says of the rest.
std::string said_of_sudoers(const std::string& text, const Settings& settings = {}) {
    std::string said;
    for (const Finding& finding : findings_of({{"/etc/sudoers", text}}, settings)) {
        CHECK(finding.level == Level::Warn);
        CHECK(finding.mend.find('"') == std::string::npos);
        said += finding.text + "; " + finding.mend + '\n';
    }
    return said;
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
    CHECK(warned_of_sudoers("%ops ALL=(ALL) ALL\n%:far ALL=(ALL) ALL\n") == Names{"ops"});
    CHECK(warned_of_sudoers("#1002 ALL=(ALL) ALL\n#0 ALL=(ALL) ALL\n") == Names{"eve"});
    CHECK(warned_of_sudoers("ada, #1001 ALL=(ALL) ALL\n") == Names{"ben", "ada"});
    CHECK(warned_of_sudoers("User_Alias A = ada, #1001 # them\nA ALL=(ALL) ALL\n") ==
          Names{"ben", "ada"});
    CHECK(warned_of_sudoers("User_Alias ADMINS = ada, ben:OTHERS=eve\nADMINS ALL=(ALL) ALL\n") ==
          Names{"ada", "ben", "eve"});
    CHECK(warned_of({{"/etc/sudoers", "@includedir /etc/sudoers.d\n#include local\n"},
                     {"/etc/sudoers.d/ada", "ada ALL=(ALL) ALL\n"},
                     {"/etc/sudoers.d/ben.bak", "ben ALL=(ALL) ALL\n"},
                     {"/etc/sudoers.d/ben~", "ben ALL=(ALL) ALL\n"},
                     {"/etc/local", "eve ALL=(ALL) ALL\n"}}) == Names{"ada", "eve"});
}

TEST_CASE("whom no setting can name is warned of with another mend") {
    CHECK(said_of_sudoers("%:far ALL=(ALL) ALL\n") ==
          "sudoers names the group :far, which latchkey.toml cannot name; narrow that rule\n");
    CHECK(said_of_sudoers("%#27 ALL=(ALL) ALL\n") ==
          "sudoers names the group #27, which latchkey.toml cannot name; narrow that rule\n");
    CHECK(said_of_sudoers("+admins ALL=(ALL) ALL\n") ==
          "sudoers names +admins, which latchkey.toml cannot name; narrow that rule\n");
}

TEST_CASE("that everybody may become root is said, whatever the settings name") {
    Settings settings;
    settings.privileged_users = {"ALL", "ada", "ben", "eve"};
    for (const char* text : {"ALL ALL=(ALL) ALL\n", "ALL, !ada ALL=(ALL) ALL\n",
                             "User_Alias PEOPLE = ALL\nPEOPLE ALL=(ALL) ALL\n"})
        CHECK(said_of_sudoers(text, settings) ==
              "sudoers names ALL, so everybody may become root, and recovery asks nobody for a "
              "saved code because of it; name people or groups in that rule instead\n");
}

TEST_CASE("who has a named uid is known by the name in the settings") {
    Settings settings;
    settings.privileged_users = {"eve"};
    CHECK(warned_of({{"/etc/sudoers", "#1002 ALL=(ALL) ALL\n"}}, settings).empty());
}

TEST_CASE("a file that sudo reads and check does not is told") {
    const std::string mend = "; look there for people who can become root\n";
    CHECK(said_of_sudoers("@include /etc/sudoers.%h\n") ==
          "sudoers includes /etc/sudoers.%h, which check cannot follow" + mend);
    CHECK(said_of_sudoers("#includedir \"/etc/su doers\"\n") ==
          "sudoers includes \"/etc/su doers\", which check cannot follow" + mend);
    CHECK(said_of_sudoers("@include /etc/su\\ doers\n") ==
          "sudoers includes /etc/su\\\\ doers, which check cannot follow" + mend);
    CHECK(said_of_sudoers("@include /etc\n") ==
          "sudoers includes /etc, which cannot be read" + mend);
    CHECK(said_of_sudoers("@include /etc/sudoers\n") ==
          "sudoers includes /etc/sudoers, which lies too deep" + mend);
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
