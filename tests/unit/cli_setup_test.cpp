// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include <algorithm>
#include <sstream>

#include "cli/check.hpp"
#include "cli/check_files.hpp"
#include "cli/check_pam.hpp"
#include "cli/host_verbs.hpp"
#include "cli/json_output.hpp"
#include "cli/password_service.hpp"
#include "cli/setup.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/host_tree.hpp"

using namespace latchkey;
using namespace latchkey::cli;

namespace {

const SendTest kNothingToSend = [](const Settings&, const std::string&) -> Result<void> {
    return Error{ErrorKind::Unavailable, "no message was expected"};
};

std::string states(const SetupReport& report) {
    std::string text;
    for (const SetupStep& step : report.steps) text += step.name + "=" + step.state + " ";
    return text;
}

std::size_t runs_of(const HostTree& tree, const std::string& program) {
    return static_cast<std::size_t>(
        std::count_if(tree.commands.begin(), tree.commands.end(),
                      [&](const Arguments& arguments) { return arguments.front() == program; }));
}

mode_t mode_of(HostTree& tree, const std::string& path) {
    return facts_of(tree.host(), path).value().mode;
}

Settings with_mail() {
    Settings settings;
    settings.methods["email"].channels = {"email"};
    settings.channels["email"].plugin = "email";
    settings.channels["email"].options = {{"server", "127.0.0.1"}, {"port", "25"}, {"tls", "none"}};
    return settings;
}

// Runs the verb as a person at a terminal would, who types `input`.
struct Session {
    ExitStatus status;
    std::string out;
    std::string err;
};
Session run(HostTree& tree, const SetupCommand& command, const std::string& input, bool asks,
            const SendTest& send = kNothingToSend) {
    std::istringstream in{input};
    std::ostringstream out;
    std::ostringstream err;
    const Terminal terminal{in, out, err, asks, asks, false, true};
    const ExitStatus status = run_setup(command, tree.host(), tree.monitor(), send, terminal);
    return {status, out.str(), err.str()};
}

}  // namespace

TEST_CASE("setup makes a fresh host green, with the switch as the last thing") {
    HostTree tree;
    tree.put("/usr/lib/latchkey/channels/email.so", "");
    const SetupReport report = set_up(tree.host(), tree.monitor(), kNothingToSend, {});
    CHECK(states(report) ==
          "directories=done key=done settings=kept service=done profile=done message=skipped "
          "switch=done ");
    CHECK(report.status == ExitStatus::Ok);
    CHECK(report.switched_on);
    CHECK(tree.has(kSwitchPath));
    CHECK(mode_of(tree, kKeyPath) == 0400);
    CHECK(mode_of(tree, "/etc/latchkey") == 0755);
    CHECK(mode_of(tree, "/etc/latchkey/secrets") == 0700);
    CHECK(mode_of(tree, "/var/lib/latchkey") == 0700);
    CHECK(mode_of(tree, kPasswordServicePath) == 0644);
    CHECK(tree.content("/etc/pam.d/common-auth").starts_with(kAuthLine));
    CHECK(tree.commands[1] == Arguments{"/usr/sbin/pam-auth-update", "--enable", "latchkey"});
    CHECK(count(check_host(tree.host(), tree.monitor(), {}), Level::Error) == 0);
}

TEST_CASE("setup run again changes nothing and runs no command that changes anything") {
    HostTree tree;
    REQUIRE(set_up(tree.host(), tree.monitor(), kNothingToSend, {}).switched_on);
    tree.commands.clear();
    const SetupReport again = set_up(tree.host(), tree.monitor(), kNothingToSend, {});
    CHECK(states(again) ==
          "directories=kept key=kept settings=kept service=kept profile=kept message=skipped "
          "switch=kept ");
    CHECK(runs_of(tree, "/usr/sbin/pam-auth-update") == 0);
}

TEST_CASE("a dry run names every step and touches nothing") {
    HostTree tree;
    const SetupReport report =
        set_up(tree.host(), tree.monitor(), kNothingToSend, {.dry_run = true, .answers = {}});
    CHECK(states(report) ==
          "directories=would do key=would do settings=kept service=would do profile=would do "
          "switch=would do ");
    CHECK(report.status == ExitStatus::Ok);
    CHECK_FALSE(report.switched_on);
    CHECK_FALSE(tree.has("/etc/latchkey"));
    CHECK_FALSE(tree.has(kPasswordServicePath));
    CHECK(runs_of(tree, "/usr/sbin/pam-auth-update") == 0);
}

TEST_CASE("setup touches nothing while check finds an error that it cannot mend") {
    HostTree tree;
    tree.put("/etc/pam.d/common-auth", std::string(kAuthLine) +
                                           "\nauth [success=1 default=ignore] pam_fprintd.so\n"
                                           "auth required pam_unix.so\n");
    const SetupReport report = set_up(tree.host(), tree.monitor(), kNothingToSend, {});
    CHECK(report.steps.empty());
    CHECK(report.status == ExitStatus::Configuration);
    CHECK_FALSE(tree.has("/etc/latchkey"));
}

TEST_CASE("a neighbour that asks before the password is found before the profile is enabled") {
    HostTree tree;
    const std::string before =
        "auth [success=1 default=ignore] pam_fprintd.so\nauth required pam_unix.so\n";
    tree.put("/etc/pam.d/common-auth", before);
    const SetupReport report = set_up(tree.host(), tree.monitor(), kNothingToSend, {});
    CHECK(report.status == ExitStatus::Configuration);
    CHECK(report.steps.empty());
    CHECK(tree.content("/etc/pam.d/common-auth") == before);
    CHECK_FALSE(tree.has(kSwitchPath));
}

TEST_CASE("a common-auth that was edited by hand is left alone, and the line to write is named") {
    HostTree tree;
    tree.common_auth_is_edited = true;
    const Session session = run(tree, {.assume_yes = true}, "", false);
    CHECK(session.status == ExitStatus::Configuration);
    CHECK(session.err.find("edited by hand; write as its first line: auth [success=ignore") !=
          std::string::npos);
    CHECK(session.err.find("logins work as before") != std::string::npos);
    CHECK(session.out.find("-> write as the first line of common-auth: auth [success=ignore") !=
          std::string::npos);
    CHECK(session.out.find("error key") == std::string::npos);  // made before it stopped
    CHECK_FALSE(tree.has(kSwitchPath));
}

TEST_CASE("the file channel keeps the switch off unless it is allowed by name") {
    HostTree tree;
    tree.settings->channels["demo"] = {.plugin = "file"};
    CHECK_FALSE(set_up(tree.host(), tree.monitor(), kNothingToSend, {}).switched_on);
    SetupOptions allowed;
    allowed.allow_file_channel = true;
    CHECK(set_up(tree.host(), tree.monitor(), kNothingToSend, allowed).switched_on);
}

TEST_CASE("directories with a wrong mode are put right, also when the monitor fails for it") {
    HostTree tree;
    tree.set_up();
    tree.mode("/var/lib/latchkey", 0755);
    tree.status_rows = {"broken"};
    const SetupReport report = set_up(tree.host(), tree.monitor(), kNothingToSend, {});
    CHECK(mode_of(tree, "/var/lib/latchkey") == 0700);
    CHECK(report.status == ExitStatus::Configuration);  // the monitor is asked after it
}

TEST_CASE("a password service that somebody wrote is not written over") {
    HostTree tree;
    tree.set_up();
    tree.put(kPasswordServicePath, "@include common-password\n");
    CHECK(set_up(tree.host(), tree.monitor(), kNothingToSend, {}).steps.empty());
    CHECK(tree.content(kPasswordServicePath) == "@include common-password\n");
}

TEST_CASE("options become a drop-in, and the rest of it stays as it was configured") {
    HostTree tree;
    tree.settings = with_mail();
    tree.put("/usr/lib/latchkey/channels/email.so", "");
    SetupCommand command;
    command.assume_yes = true;
    command.whom_to_ask = "Ask \"the desk\" \\ 4711.";
    command.mail_server = "mail.example.org";
    command.mail_from = "Login@Example.ORG";
    const Session session = run(tree, command, "", false);
    INFO(session.out << session.err);
    CHECK(session.status == ExitStatus::Ok);
    CHECK(tree.content(kDropInPath) ==
          "# written by latchkey setup; latchkey.toml(5) explains every key\n"
          "whom_to_ask = \"Ask \\\"the desk\\\" \\\\ 4711.\"\n\n"
          "[channel.email]\nplugin = \"email\"\nserver = \"mail.example.org\"\nport = 587\n"
          "tls = \"starttls\"\nfrom = \"Login@example.org\"\n");
}

TEST_CASE("settings that the reader refuses are taken back, and the switch stays off") {
    HostTree tree;
    tree.host().settings = [&tree]() -> Result<Settings> {
        if (tree.has(kDropInPath)) return Error{ErrorKind::Misconfigured, "50-setup.toml:4: no"};
        return with_mail();
    };
    tree.put("/usr/lib/latchkey/channels/email.so", "");
    SetupCommand command;
    command.assume_yes = true;
    command.mail_server = "mail.example.org:465";
    const Session session = run(tree, command, "", false);
    CHECK(session.status == ExitStatus::Configuration);
    CHECK(session.err.find("50-setup.toml:4: no") != std::string::npos);
    CHECK_FALSE(tree.has(kDropInPath));
    CHECK_FALSE(tree.has(kSwitchPath));
}

TEST_CASE("options that are not possible are refused before anything happens") {
    const auto refused = [](const SetupCommand& command) {
        HostTree tree;
        tree.settings = with_mail();
        const Session session = run(tree, command, "", false);
        CHECK(session.status == ExitStatus::Usage);
        CHECK(session.err.starts_with("latchkey: "));
        CHECK_FALSE(tree.has("/etc/latchkey"));
    };
    refused({.assume_yes = true, .whom_to_ask = "Type your Password here"});
    refused({.assume_yes = true, .mail_server = ":25"});
    refused({.assume_yes = true, .mail_server = "mail:port"});
    refused({.assume_yes = true, .mail_server = "mail.example.org", .mail_tls = "none"});
    refused({.assume_yes = true, .mail_tls = "ssl"});
    refused({.assume_yes = true, .mail_from = "nobody"});
    refused({.assume_yes = true, .test_address = "a b@example.org"});
}

TEST_CASE("somebody at a terminal is asked four things and for a yes") {
    HostTree tree;
    tree.settings = with_mail();
    tree.put("/usr/lib/latchkey/channels/email.so", "");
    std::string tested;
    const SendTest send = [&](const Settings&, const std::string& address) -> Result<void> {
        CHECK_FALSE(tree.has(kSwitchPath));
        tested = address;
        return {};
    };
    const Session session = run(tree, {},
                                "Call the desk, 4711.\nmail.example.org:465\n\nrubbish\n"
                                "login@example.org\nme@example.org\ny\n",
                                true, send);
    INFO(session.out << session.err);
    CHECK(session.status == ExitStatus::Ok);
    CHECK(tested == "me@example.org");
    CHECK(session.out.find("Mail server that sends the codes [127.0.0.1:25]: ") !=
          std::string::npos);
    CHECK(session.out.find("Encryption (starttls or implicit) [implicit]: ") != std::string::npos);
    CHECK(session.out.find("not a plain e-mail address") != std::string::npos);
    CHECK(tree.content(kDropInPath).find("tls = \"implicit\"") != std::string::npos);
}

TEST_CASE("a no, the end of input and nobody at all change nothing") {
    HostTree tree;
    tree.settings = with_mail();
    CHECK(run(tree, {}, "\n\n\n\nn\n", true).status == ExitStatus::Negative);
    CHECK(run(tree, {}, "\n", true).status == ExitStatus::Negative);
    CHECK(run(tree, {}, "", false).status == ExitStatus::Usage);
    CHECK_FALSE(tree.has("/etc/latchkey"));
}

TEST_CASE("a test message that does not leave keeps the switch off") {
    HostTree tree;
    tree.settings = with_mail();
    tree.put("/usr/lib/latchkey/channels/email.so", "");
    const SendTest send = [](const Settings&, const std::string&) -> Result<void> {
        return Error{ErrorKind::Rejected, "the test message was not taken: 550 no"};
    };
    const Session session =
        run(tree, {.assume_yes = true, .test_address = "me@example.org"}, "", false, send);
    CHECK(session.status == ExitStatus::ChannelFailed);
    CHECK(session.err.find("setup stopped at message: the test message was not taken: 550 no") !=
          std::string::npos);
    CHECK_FALSE(tree.has(kSwitchPath));
}

TEST_CASE("setup --json is one object with steps, findings and the switch") {
    HostTree tree;
    const Session session = run(tree, {.assume_yes = true, .output = {.json = true}}, "", false);
    const auto object = nlohmann::json::parse(session.out);
    CHECK(object.at("switched_on") == true);
    CHECK(object.at("errors") == 0);
    CHECK(object.at("steps").size() == 7);
    CHECK(object.at("steps")[0] == nlohmann::json{{"step", "directories"},
                                                  {"state", "done"},
                                                  {"what", "/etc/latchkey, /var/lib/latchkey"}});
    CHECK(object.at("findings")[0].contains("mend"));
}
