// SPDX-License-Identifier: MIT
#include <string>

#include "monitor/lockout.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

namespace {

FaillockSettings settings_from(const std::string& text, const std::string& argument = "") {
    const TemporaryDirectory directory;
    return read_faillock_settings(directory.write("faillock.conf", text), argument);
}

}  // namespace

TEST_CASE("without a faillock.conf the defaults of pam_faillock hold") {
    const FaillockSettings settings = read_faillock_settings("/nonexistent/faillock.conf", "");
    CHECK(settings.directory == "/var/run/faillock");
    CHECK(settings.deny == 3);
    CHECK(settings.fail_interval == 900s);
    CHECK(settings.unlock_time == 600s);
    CHECK_FALSE(settings.even_deny_root);
    CHECK(settings.admin_group.empty());
}

TEST_CASE("faillock.conf is read with its comments, blanks and missing signs") {
    const FaillockSettings settings = settings_from(
        "# deny = 9\n"
        "  dir=/var/lib/faillock   # survives a reboot\n"
        "deny = 4\n"
        "\tfail_interval 300\n"
        "unlock_time=1200#x\n"
        "audit\n"
        "even_deny_root\n"
        "admin_group = wheel\n");
    CHECK(settings.directory == "/var/lib/faillock");
    CHECK(settings.deny == 4);
    CHECK(settings.fail_interval == 300s);
    CHECK(settings.unlock_time == 1200s);
    CHECK(settings.even_deny_root);
    CHECK(settings.admin_group == "wheel");
}

TEST_CASE("never and 0 both mean that an administrator releases") {
    CHECK(settings_from("unlock_time = never\n").unlock_time == 0s);
    CHECK(settings_from("unlock_time = 0").unlock_time == 0s);
    CHECK(settings_from("root_unlock_time = never\n").root_unlock_time == 0s);
    CHECK(settings_from("root_unlock_time = never\n").even_deny_root);
}

TEST_CASE("what pam_faillock would not understand keeps its default") {
    const FaillockSettings settings = settings_from(
        "dir = relative/path\ndeny = many\nfail_interval = 604801\nunlock_time = -1\n"
        "deny = 70000\n= 5\n===\n\n");
    CHECK(settings.directory == "/var/run/faillock");
    CHECK(settings.deny == 3);
    CHECK(settings.fail_interval == 900s);
    CHECK(settings.unlock_time == 600s);
}

TEST_CASE("the module's argument wins over the file if it is an absolute path") {
    CHECK(settings_from("dir = /a\n", "/b").directory == "/b");
    CHECK(settings_from("dir = /a\n", "b").directory == "/a");
    CHECK(settings_from("dir = /a\n", "").directory == "/a");
}
