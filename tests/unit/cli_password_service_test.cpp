// SPDX-License-Identifier: MIT
#include "cli/check_pam.hpp"
#include "cli/password_service.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/host_tree.hpp"

using namespace latchkey;
using namespace latchkey::cli;

namespace {

// The generated lines without the comment above them.
std::string lines_on(HostTree& tree) {
    const std::string text = password_service_text(password_modules(tree.host()));
    REQUIRE(text.starts_with(kPasswordServiceMark));
    return text.substr(text.find("\npassword ") + 1);
}

constexpr const char* kUnix =
    "password\t[success=1 default=ignore]\tpam_unix.so obscure use_authtok try_first_pass "
    "yescrypt\n"
    "password\trequisite\tpam_deny.so\npassword\trequired\tpam_permit.so\n";
constexpr const char* kEnd =
    "password requisite pam_latchkey.so\n@include common-password\n"
    "password required pam_latchkey.so\n";

void common_password(HostTree& tree, const std::string& first_lines) {
    tree.put("/etc/pam.d/common-password", first_lines + kUnix);
}

}  // namespace

TEST_CASE("a stock host gets latchkey's two lines around its own stack") {
    HostTree tree;
    CHECK(lines_on(tree) == kEnd);
}

TEST_CASE("pam_pwquality binds root too, with the options the host gave it") {
    HostTree tree;
    tree.install_module("pam_pwquality.so");
    common_password(tree,
                    "password requisite pam_pwquality.so retry=5 minlen=12 enforce_for_root\n");
    CHECK(lines_on(tree) ==
          std::string("password requisite pam_pwquality.so retry=5 minlen=12 enforce_for_root\n") +
              kEnd);
}

TEST_CASE("pam_pwquality that is installed but unused still judges new passwords") {
    HostTree tree;
    tree.install_module("pam_pwquality.so");
    CHECK(lines_on(tree) ==
          std::string("password requisite pam_pwquality.so retry=3 enforce_for_root\n") + kEnd);
}

TEST_CASE("pam_pwhistory stands behind pam_pwquality and takes its password") {
    HostTree tree;
    tree.install_module("pam_pwquality.so");
    tree.install_module("pam_pwhistory.so");
    common_password(tree,
                    "password requisite pam_pwquality.so retry=3\n"
                    "password [success=ok default=die] pam_pwhistory.so remember=5 use_authtok\n");
    CHECK(lines_on(tree) ==
          std::string("password requisite pam_pwquality.so retry=3 enforce_for_root\n"
                      "password requisite pam_pwhistory.so use_authtok remember=5 "
                      "enforce_for_root\n") +
              kEnd);
}

TEST_CASE("without pam_pwquality latchkey's first line asks, and pam_pwhistory judges after it") {
    HostTree tree;
    tree.install_module("pam_pwhistory.so");
    common_password(tree, "password required pam_pwhistory.so remember=12\n");
    CHECK(lines_on(tree) ==
          "password requisite pam_latchkey.so\n"
          "password requisite pam_pwhistory.so use_authtok remember=12 enforce_for_root\n"
          "@include common-password\npassword required pam_latchkey.so\n");
}

TEST_CASE("a module named in common-password but not installed is left out") {
    HostTree tree;
    common_password(tree,
                    "-password requisite pam_pwquality.so retry=3\n"
                    "-password requisite pam_pwhistory.so remember=5\n");
    CHECK(lines_on(tree) == kEnd);
}

TEST_CASE("rules in a file that common-password includes, and options in brackets, are copied") {
    HostTree tree;
    tree.install_module("pam_pwquality.so");
    common_password(tree, "@include company-rules\n");
    tree.put("/etc/pam.d/company-rules",
             "password requisite pam_pwquality.so [badwords=acme road runner] try_first_pass\n");
    CHECK(lines_on(tree) ==
          std::string("password requisite pam_pwquality.so retry=3 [badwords=acme road runner] "
                      "enforce_for_root\n") +
              kEnd);
}

TEST_CASE("check tells a generated service from a changed, a foreign and a missing one") {
    HostTree tree;
    tree.set_up();
    CHECK(check_password_service(tree.host())[0].level == Level::Ok);

    tree.put(kPasswordServicePath, tree.content(kPasswordServicePath) + "# by hand\n");
    Finding changed = check_password_service(tree.host())[0];
    CHECK(changed.level == Level::Error);
    CHECK(changed.mended_by_setup);

    tree.put(kPasswordServicePath, "@include common-password\n");
    Finding foreign = check_password_service(tree.host())[0];
    CHECK(foreign.level == Level::Error);
    CHECK_FALSE(foreign.mended_by_setup);

    tree.remove(kPasswordServicePath);
    CHECK(check_password_service(tree.host())[0].mended_by_setup);
}

TEST_CASE("check names a module of the password stack that is not installed") {
    HostTree tree;
    common_password(tree, "password requisite pam_passwdqc.so\n");
    tree.set_up();
    const Finding finding = check_password_service(tree.host())[0];
    CHECK(finding.level == Level::Error);
    CHECK(finding.text == "pam_passwdqc.so (common-password line 1) is not installed");
}

TEST_CASE("a host whose pam_pwquality was installed after setup has a service to be written anew") {
    HostTree tree;
    tree.set_up();
    tree.install_module("pam_pwquality.so");
    CHECK(check_password_service(tree.host())[0].mended_by_setup);
}
