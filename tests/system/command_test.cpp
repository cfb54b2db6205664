// SPDX-License-Identifier: MIT
//
// latchkey(1) on a real host: real pam-auth-update, sshd -T, monitor and mail.
#include <sys/stat.h>

#include <filesystem>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/mail_server.hpp"

namespace latchkey {
namespace {

constexpr const char* switch_file = "/etc/latchkey/enabled";
constexpr const char* common_auth = "/etc/pam.d/common-auth";
constexpr const char* password_service = "/etc/pam.d/latchkey-password";

Completed command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "/usr/bin/latchkey");
    return run_command(arguments);
}

// The findings of check about one topic, one line each: "warn: text -> mend".
std::string findings_about(const std::string& topic) {
    std::string text;
    const auto report = nlohmann::json::parse(command({"check", "--json"}).out);
    for (const auto& finding : report.at("findings")) {
        if (finding.at("topic") != topic) continue;
        text += finding.at("level").get<std::string>() + ": " +
                finding.at("finding").get<std::string>() + " -> " +
                finding.at("mend").get<std::string>() + "\n";
    }
    return text;
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

void sshd_settings(const std::string& text) {
    std::filesystem::create_directories("/run/sshd");
    write_file("/etc/ssh/sshd_config.d/10-case.conf", text);
}

}  // namespace

TEST_CASE("setup changes a fresh host once, and nothing when it is run again") {
    Machine machine;
    const std::string before = file_text(common_auth);
    CHECK(command({"setup", "--dry-run"}).status == 0);
    CHECK(file_text(common_auth) == before);
    CHECK_FALSE(std::filesystem::exists(password_service));
    REQUIRE(command({"setup", "--yes"}).status == 0);
    CHECK(std::filesystem::exists(switch_file));
    const std::string auth = file_text(common_auth);
    const std::string key = file_text("/etc/latchkey/key");
    CHECK(key.size() == 32);
    const auto again = nlohmann::json::parse(command({"setup", "--yes", "--json"}).out);
    for (const auto& step : again.at("steps")) {
        INFO(step.dump());
        CHECK((step.at("state") == "kept" || step.at("step") == "message"));
    }
    CHECK(file_text(common_auth) == auth);
    CHECK(file_text("/etc/latchkey/key") == key);
}

TEST_CASE("setup at a terminal asks, sends a real test message and switches on last") {
    Machine machine;
    MailServer mail{MailServer::StartTls};
    Terminal setup{{"/usr/bin/latchkey", "setup"}};
    setup.expect("What to tell people who cannot recover [Ask the administrator]: ");
    setup.send_line("Call the desk, 4711.");
    setup.expect("Mail server that sends the codes [127.0.0.1:25]: ");
    setup.send_line(std::string(MailServer::host) + ":" + std::to_string(MailServer::port));
    setup.expect("Encryption (starttls or implicit) [starttls]: ");
    setup.send_line("");
    setup.expect("Sender of the messages: ");
    setup.send_line("login@example.org");
    setup.expect("Send a test message to (Enter for none): ");
    setup.send_line("root@example.org");
    setup.expect("[y/N]: ");
    CHECK_FALSE(std::filesystem::exists(switch_file));
    setup.send_line("y");
    setup.expect("Recovery is on.");
    CHECK(setup.expect_end() == 0);
    CHECK(holds(mail.next_mail(), "Subject: Test message from "));
    CHECK(holds(file_text("/etc/latchkey/latchkey.d/50-setup.toml"), "Call the desk, 4711."));
}

TEST_CASE("a test message that the server refuses keeps the switch off") {
    Machine machine;
    MailServer mail{MailServer::Refusing};
    const Completed setup =
        command({"setup", "--yes", "--server", std::string(MailServer::host) + ":2525", "--from",
                 "login@example.org", "--test", "root@example.org"});
    INFO(setup.out << setup.err);
    CHECK(setup.status == 6);
    CHECK(holds(setup.err, "setup stopped at message: the test message was not taken: "));
    CHECK_FALSE(std::filesystem::exists(switch_file));
}

TEST_CASE("a common-auth that was edited by hand is left as it is, and logins work as before") {
    Machine machine;
    machine.add_account("ada", old_password);
    std::string auth = file_text(common_auth);
    // A changed control; pam-auth-update carries added lines along, but not this.
    const std::string control = "[success=1 default=ignore]";
    const std::size_t at = auth.find(control);
    REQUIRE(at != std::string::npos);
    auth.replace(at, control.size(), "[success=1 new_authtok_reqd=1 default=ignore]");
    write_file(common_auth, auth);
    const Completed setup = command({"setup", "--yes"});
    CHECK(setup.status == 5);
    CHECK(holds(setup.err, "edited by hand"));
    CHECK(file_text(common_auth) == auth);
    CHECK_FALSE(std::filesystem::exists(switch_file));
    CHECK(signs_in_at_console(machine, "ada", old_password));
    // Following its advice puts it right.
    write_file(common_auth,
               "auth [success=ignore ignore=ignore module_unknown=ignore default=die] "
               "pam_latchkey.so\n" +
                   auth);
    CHECK(command({"setup", "--yes"}).status == 0);
    CHECK(signs_in_at_console(machine, "ada", old_password));
}

TEST_CASE("check reads a real sshd, and its advice does not let passwords in where they are off") {
    Machine machine;
    machine.set_up();
    sshd_settings("PasswordAuthentication no\nKbdInteractiveAuthentication no\n");
    CHECK(findings_about("sshd") == "ok: keys only: no recovery over ssh, on purpose -> \n");
    sshd_settings("PasswordAuthentication yes\nKbdInteractiveAuthentication no\n");
    CHECK(holds(findings_about("sshd"), "KbdInteractiveAuthentication yes' > /etc/ssh"));
    sshd_settings(
        "PasswordAuthentication yes\nKbdInteractiveAuthentication yes\n"
        "Match User bob\nPasswordAuthentication no\n");
    CHECK(holds(findings_about("sshd"), "ok: keyboard-interactive is on"));
    sshd_settings("NoSuchKey yes\n");
    CHECK(holds(findings_about("sshd"), "warn: sshd -T failed"));
}

TEST_CASE("a quality module installed after setup is found, and setup makes it bind") {
    Machine machine;
    machine.set_up();
    CHECK(holds(findings_about("pam.password"), "ok: "));
    machine.use_pwquality();
    CHECK(holds(findings_about("pam.password"), "error: "));
    REQUIRE(command({"setup", "--yes", "--allow-file-channel"}).status == 0);
    CHECK(holds(file_text(password_service), "pam_pwquality.so retry=3 enforce_for_root\n"));
    CHECK(holds(findings_about("pam.password"), "ok: "));
}

TEST_CASE("unlock clears a lockout by failed attempts, and status shows it") {
    Enrolled host;
    host.machine.use_faillock();
    for (int i = 0; i < 3; ++i) CHECK(is_refused_at_console(host.machine, "ada", "not mine"));
    CHECK(is_refused_at_console(host.machine, "ada", old_password));
    CHECK(nlohmann::json::parse(command({"status", "ada", "--json"}).out).at("locked") == "yes");
    CHECK(command({"unlock", "ada"}).status == 0);
    CHECK(command({"unlock", "ada"}).status == 1);
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

TEST_CASE("root's verbs are root's, and a missing monitor is told with status 7") {
    Machine machine;
    machine.add_account("ada", old_password);
    machine.set_up();
    CHECK(run_command({"runuser", "-u", "ada", "--", "/usr/bin/latchkey", "check"}).status == 3);
    CHECK(command({"enroll", "nobody-here", "totp"}).status == 4);
    std::filesystem::rename("/usr/libexec/latchkey/latchkey-monitor", "/root/monitor");
    const Completed status = command({"status"});
    CHECK(status.status == 7);
    CHECK(status.err.starts_with("latchkey: the monitor did not answer: "));
    CHECK(signs_in_at_console(machine, "ada", old_password));
}

TEST_CASE("a damaged key or an unknown setting is named by check and switches nothing on") {
    Machine machine;
    machine.set_up();
    std::filesystem::remove(switch_file);
    std::filesystem::permissions("/etc/latchkey/key", std::filesystem::perms{0440});
    CHECK(holds(findings_about("key"), "error: /etc/latchkey/key may be read by others"));
    CHECK(command({"setup", "--yes", "--allow-file-channel"}).status == 5);
    std::filesystem::permissions("/etc/latchkey/key", std::filesystem::perms{0400});
    machine.configure("wrong_key = 1\n");
    CHECK(holds(findings_about("settings"), "60-case.toml:1: wrong_key"));
    CHECK(command({"setup", "--yes", "--allow-file-channel"}).status == 5);
    CHECK_FALSE(std::filesystem::exists(switch_file));
}

}  // namespace latchkey
