// SPDX-License-Identifier: MIT
#include <vector>

#include "pam_module/arguments.hpp"
#include "pam_module/exit_code.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey::pam;

namespace {

Arguments parsed(std::vector<const char*> argv) {
    return parse_arguments(static_cast<int>(argv.size()), argv.data());
}

}  // namespace

TEST_CASE("every outcome of a login has its code and none of them is success") {
    CHECK(exit_code(LoginOutcome::Refused) == PAM_AUTH_ERR);
    CHECK(exit_code(LoginOutcome::NothingToDo) == PAM_IGNORE);
    CHECK(exit_code(LoginOutcome::PasswordTyped) == PAM_IGNORE);
    CHECK(exit_code(LoginOutcome::PasswordChanged) == PAM_IGNORE);
    CHECK(exit_code(LoginOutcome::LockoutCleared) == PAM_IGNORE);
}

TEST_CASE("an outcome nobody set is a refusal") {
    CHECK(exit_code(LoginOutcome{}) == PAM_AUTH_ERR);
    for (int value = 5; value < 256; ++value)
        CHECK(exit_code(static_cast<LoginOutcome>(value)) == PAM_AUTH_ERR);
}

TEST_CASE("without arguments consoles, ssh and display managers are served, su and sudo are not") {
    const Arguments arguments = parsed({});
    for (const char* service : {"login", "sshd", "gdm-password", "lightdm", "sddm"})
        CHECK(is_served(arguments, service));
    for (const char* service : {"su", "su-l", "sudo", "sudo-i", "cron", "other", "", "login "})
        CHECK_FALSE(is_served(arguments, service));
    CHECK(arguments.unknown.empty());
}

TEST_CASE("services= replaces the list") {
    const Arguments arguments = parsed({"services=kiosk,,sshd"});
    CHECK(is_served(arguments, "kiosk"));
    CHECK(is_served(arguments, "sshd"));
    CHECK_FALSE(is_served(arguments, "login"));
    CHECK_FALSE(is_served(arguments, ""));
}

TEST_CASE("paths must be absolute and a keyword long enough, else the default stays") {
    const Arguments arguments =
        parsed({"monitor=latchkey-monitor", "faillock_dir=tally", "keyword=?"});
    CHECK(arguments.monitor == Arguments{}.monitor);
    CHECK(arguments.faillock_dir.empty());
    CHECK(arguments.keyword == "?forgot");
    CHECK(arguments.unknown.size() == 3);
}

TEST_CASE("well-formed arguments are taken") {
    const Arguments arguments =
        parsed({"monitor=/opt/m", "faillock_dir=/var/lib/faillock", "keyword=?forgotten"});
    CHECK(arguments.monitor == "/opt/m");
    CHECK(arguments.faillock_dir == "/var/lib/faillock");
    CHECK(arguments.keyword == "?forgotten");
    CHECK(arguments.unknown.empty());
}

TEST_CASE("an argument nobody knows is kept for the log and changes nothing") {
    const Arguments arguments = parsed({"nullok", "services", "=", "monitor="});
    CHECK(arguments.unknown.size() == 4);
    CHECK(arguments.services == Arguments{}.services);
}
