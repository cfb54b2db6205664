// SPDX-License-Identifier: MIT
//
// Installing, upgrading, removing and purging leave a login stack that works.
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/system/machine.hpp"

namespace latchkey {
namespace {

constexpr const char* password = "correct horse battery";
constexpr const char* common_auth = "/etc/pam.d/common-auth";
constexpr const char* common_session = "/etc/pam.d/common-session";
// Put there by scripts/prepare-layer.
const std::string before_install = "/var/cache/latchkey-layer/pam.d/";
// They depend on latchkey.
const std::string plugins =
    "latchkey-plugin-file latchkey-plugin-push latchkey-plugin-sms latchkey-plugin-voice";
const std::string packages = "/var/cache/latchkey-layer/packages/*.deb";

bool names_module(const std::string& file) {
    return file_text(file).find("pam_latchkey") != std::string::npos;
}

void dpkg(const std::string& arguments) {
    must_run({"sh", "-c", "DEBIAN_FRONTEND=noninteractive dpkg " + arguments});
}

bool password_signs_in(Machine& machine) {
    Terminal login = machine.console("ada");
    login.expect("Password: ");
    login.send_line(password);
    return machine.signed_in(login, "ada");
}

// Every file of pam.d but the service that owners are asked on, compared byte by byte.
bool login_stack_is_as_before_install() {
    return run_command({"diff", "-r", "-x", "latchkey-enrol", before_install, "/etc/pam.d"})
               .status == 0;
}

mode_t mode_of(const std::string& path) {
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    return facts.st_mode & 07777U;
}

}  // namespace

TEST_CASE("installing the packages enables nothing") {
    CHECK(login_stack_is_as_before_install());
    // Of a login nothing comes to it, and it does not name the module.
    CHECK(mode_of("/etc/pam.d/latchkey-enrol") == 0644);
    CHECK_FALSE(names_module("/etc/pam.d/latchkey-enrol"));
    CHECK_FALSE(std::filesystem::exists("/etc/latchkey/enabled"));
}

TEST_CASE("the packages install their files with owner and mode that nobody can read past") {
    for (const std::string name : {"monitor", "verifier", "channel-host"}) {
        CHECK(mode_of("/usr/libexec/latchkey/latchkey-" + name) == 0711);
    }
    CHECK(mode_of("/var/lib/latchkey") == 0700);
    CHECK(mode_of("/var/lib/latchkey-acts") == 0700);
    CHECK(mode_of("/etc/latchkey/secrets") == 0700);
    CHECK(must_run({"stat", "-c", "%U", "/var/lib/latchkey"}) == "_latchkey\n");
    CHECK(must_run({"stat", "-c", "%U", "/var/lib/latchkey-acts"}) == "root\n");
    CHECK(must_run({"id", "-u", "_latchkey"}) != must_run({"id", "-u", "_latchkey-channel"}));
}

TEST_CASE("the packages install every unit of systemd, and enable what starts the others") {
    const std::string enabled = "/etc/systemd/system/";
    for (const char* unit :
         {"latchkey-outbox.path", "latchkey-outbox.service", "latchkey-outbox.timer",
          "latchkey-probe.service", "latchkey-probe.timer", "latchkey-user.socket",
          "latchkey-user@.service"}) {
        CAPTURE(unit);
        CHECK(std::filesystem::exists(std::string{"/lib/systemd/system/"} + unit));
    }
    for (const char* link :
         {"paths.target.wants/latchkey-outbox.path", "timers.target.wants/latchkey-outbox.timer",
          "timers.target.wants/latchkey-probe.timer",
          "sockets.target.wants/latchkey-user.socket"}) {
        CAPTURE(link);
        CHECK(std::filesystem::is_symlink(enabled + link));
    }
}

TEST_CASE("removing the packages takes the module out of the stack and keeps the login") {
    Machine machine;
    machine.add_account("ada", password);
    machine.set_up();
    REQUIRE(names_module(common_auth));
    REQUIRE(names_module(common_session));
    CHECK_FALSE(names_module("/etc/pam.d/common-session-noninteractive"));
    dpkg("-r " + plugins + " latchkey libpam-latchkey");
    CHECK_FALSE(names_module(common_auth));
    CHECK(file_text(common_auth) == file_text(before_install + "common-auth"));
    CHECK(file_text(common_session) == file_text(before_install + "common-session"));
    CHECK(password_signs_in(machine));
}

TEST_CASE("purging the packages leaves the login stack byte-equal and no trace of latchkey") {
    Machine machine;
    machine.add_account("ada", password);
    machine.set_up();
    machine.enroll_email("ada", "ada@example.org");
    static_cast<void>(machine.new_saved_codes("ada"));
    dpkg("-P " + plugins + " latchkey libpam-latchkey");
    CHECK(login_stack_is_as_before_install());
    for (const char* gone : {"/etc/latchkey/enabled", "/etc/latchkey/key", "/etc/latchkey/secrets",
                             "/var/lib/latchkey", "/var/lib/latchkey-acts", "/run/latchkey"}) {
        CAPTURE(gone);
        CHECK_FALSE(std::filesystem::exists(gone));
    }
    CHECK(password_signs_in(machine));
}

TEST_CASE("purging keeps a password service that latchkey did not write") {
    Machine machine;
    write_file("/etc/pam.d/latchkey-password", "@include common-password\n");
    dpkg("-P " + plugins + " latchkey libpam-latchkey");
    CHECK(file_text("/etc/pam.d/latchkey-password") == "@include common-password\n");
}

TEST_CASE("an upgrade keeps what was set up") {
    Machine machine;
    machine.add_account("ada", password);
    machine.set_up();
    machine.enroll_email("ada", "ada@example.org");
    const std::string stack = file_text(common_auth);
    const std::string key = file_text("/etc/latchkey/key");
    dpkg("-i " + packages);
    CHECK(file_text(common_auth) == stack);
    CHECK(file_text("/etc/latchkey/key") == key);
    CHECK(std::filesystem::exists("/etc/latchkey/enabled"));
    CHECK(must_run({"latchkey", "status", "ada"}).find("email") != std::string::npos);
    CHECK(password_signs_in(machine));
}

TEST_CASE("an upgrade adds the session line that an earlier package did not have") {
    Machine machine;
    machine.add_account("ada", password);
    machine.set_up();
    const std::string stack = file_text(common_session);
    must_run({"sed", "-i", "/^Session/,$d", "/usr/share/pam-configs/latchkey"});
    must_run({"env", "DEBIAN_FRONTEND=noninteractive", "pam-auth-update", "--package"});
    REQUIRE_FALSE(names_module(common_session));
    CHECK(run_command({"latchkey", "check"}).out.find("pam-auth-update --package") !=
          std::string::npos);
    dpkg("-i " + packages);
    CHECK(file_text(common_session) == stack);
    CHECK(password_signs_in(machine));
}

TEST_CASE("removing only the programs switches recovery off and keeps the login") {
    Machine machine;
    machine.add_account("ada", password);
    machine.set_up();
    dpkg("-r " + plugins + " latchkey");
    Terminal login = machine.console("ada");
    CHECK(login.expect("Password: ") == "Password: ");
    login.send_line(password);
    CHECK(machine.signed_in(login, "ada"));
}

TEST_CASE("a module file that is missing lets in who knows the password, and nobody else") {
    Machine machine;
    machine.add_account("ada", password);
    machine.set_up();
    std::filesystem::remove(must_run({"sh", "-c", "printf /usr/lib/*/security/pam_latchkey.so"}));
    CHECK(password_signs_in(machine));
    Terminal login = machine.console("ada");
    login.expect("Password: ");
    login.send_line("not my password");
    login.expect("Login incorrect");
}

}  // namespace latchkey
