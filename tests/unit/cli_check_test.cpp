// SPDX-License-Identifier: MIT
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <functional>

#include "adapters/system/unique_fd.hpp"
#include "cli/check.hpp"
#include "cli/check_files.hpp"
#include "cli/check_login.hpp"
#include "cli/check_mail.hpp"
#include "cli/check_pam.hpp"
#include "cli/check_people.hpp"
#include "cli/check_session.hpp"
#include "cli/check_users.hpp"
#include "cli/password_service.hpp"
#include "cli/somebody_listens.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/host_tree.hpp"

using namespace latchkey;
using namespace latchkey::cli;

namespace {

Findings check(HostTree& tree) {
    return check_host(tree.host(), tree.monitor(), {});
}

std::string listed(const Findings& findings) {
    std::string text;
    for (const Finding& finding : findings) {
        text += std::to_string(static_cast<int>(finding.level)) + " " + finding.topic + ": " +
                finding.text + " -> " + finding.mend + "\n";
    }
    return text;
}

// One row of the table: what is changed on a healthy host, and what check says.
struct Case {
    const char* name;
    std::function<void(HostTree&)> change;
    Level level;
    const char* topic;
    const char* words;  // of the finding
    const char* mend;   // words of the mend
};

void front_of_common_auth(HostTree& tree, const std::string& lines) {
    tree.put("/etc/pam.d/common-auth", lines + tree.content("/etc/pam.d/common-auth"));
}

void behind_latchkey(HostTree& tree, const std::string& line) {
    std::string text = tree.content("/etc/pam.d/common-auth");
    tree.put("/etc/pam.d/common-auth", text.insert(text.find('\n') + 1, line));
}

void control_of_latchkey(HostTree& tree, const std::string& control) {
    std::string text = tree.content("/etc/pam.d/common-auth");
    text.replace(0, text.find('\n'), "auth " + control + " pam_latchkey.so");
    tree.put("/etc/pam.d/common-auth", text);
}

void judge(const std::vector<Case>& cases) {
    for (const Case& row : cases) {
        HostTree tree;
        tree.set_up();
        row.change(tree);
        const Findings findings = check(tree);
        const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& each) {
            return each.level == row.level && each.topic == row.topic &&
                   each.text.find(row.words) != std::string::npos &&
                   each.mend.find(row.mend) != std::string::npos;
        });
        INFO(row.name << "\n" << listed(findings));
        CHECK(found != findings.end());
        CHECK(std::all_of(findings.begin(), findings.end(), [](const Finding& each) {
            return (each.level == Level::Ok) == each.mend.empty();
        }));
    }
}

}  // namespace

TEST_CASE("a host that was set up is green, and every finding without a mend is ok") {
    HostTree tree;
    tree.set_up();
    const Findings findings = check(tree);
    INFO(listed(findings));
    CHECK(count(findings, Level::Error) == 0);
    CHECK(count(findings, Level::Warn) == 0);
    CHECK(count(findings, Level::Ok) >= 14);
    REQUIRE(tree.commands.size() == 1);
    CHECK(tree.commands[0][0] == "/usr/sbin/sshd");
}

TEST_CASE("a host that was not set up shows only what setup mends") {
    HostTree tree;
    const Findings findings = check(tree);
    INFO(listed(findings));
    CHECK(count(findings, Level::Error) >= 3);
    CHECK(std::all_of(findings.begin(), findings.end(), [](const Finding& finding) {
        return finding.level == Level::Ok || finding.mended_by_setup;
    }));
    CHECK(tree.asked.empty());
}

TEST_CASE("check finds what is wrong in the stack, and names the mend") {
    judge({
        {"profile off",
         [](HostTree& t) { t.put("/etc/pam.d/common-auth", "auth required pam_unix.so\n"); },
         Level::Error, "pam.profile", "stands in no login's stack", "latchkey setup"},
        {"one service without common-auth",
         [](HostTree& t) { t.put("/etc/pam.d/sshd", "auth required pam_unix.so\n"); }, Level::Warn,
         "pam.profile", "sshd: pam_latchkey is not in the stack", "@include common-auth"},
        {"pam_unix in front",
         [](HostTree& t) { front_of_common_auth(t, "auth required pam_unix.so\n"); }, Level::Error,
         "pam.order", "login, sshd: pam_unix.so (common-auth line 1) asks", "above"},
        {"faillock preauth in front",
         [](HostTree& t) { front_of_common_auth(t, "auth requisite pam_faillock.so preauth\n"); },
         Level::Error, "pam.order", "turns a locked-out person away", "above"},
        {"a jump over us",
         [](HostTree& t) {
             front_of_common_auth(t,
                                  "auth [success=1 default=ignore] pam_succeed_if.so uid < 1000\n");
         },
         Level::Warn, "pam.order", "can jump over pam_latchkey", "above"},
        {"an unknown neighbour in front",
         [](HostTree& t) { front_of_common_auth(t, "auth required pam_acme.so\n"); }, Level::Warn,
         "pam.order", "pam_acme.so", "by hand"},
        {"fprintd behind us",
         [](HostTree& t) {
             behind_latchkey(t, "auth [success=2 default=ignore] pam_fprintd.so max-tries=1\n");
         },
         Level::Error, "pam.order", "pam_fprintd.so (common-auth line 2) prompts before",
         "below it"},
        {"u2f instead of a password",
         [](HostTree& t) { behind_latchkey(t, "auth sufficient pam_u2f.so\n"); }, Level::Error,
         "pam.order", "pam_u2f.so", "below it"},
        {"an unknown neighbour behind",
         [](HostTree& t) { behind_latchkey(t, "auth required pam_acme.so\n"); }, Level::Warn,
         "pam.order", "pam_acme.so", "below it"},
        {"sssd with a card",
         [](HostTree& t) {
             behind_latchkey(t, "auth [success=2 default=ignore] pam_sss.so forward_pass\n");
             t.put("/etc/sssd/sssd.conf", "[pam]\npam_cert_auth = True\n", 0600);
         },
         Level::Error, "pam.order", "card or a second factor", "leave pam_latchkey out"},
        {"krb5 with pkinit",
         [](HostTree& t) {
             behind_latchkey(t, "auth [success=2 default=ignore] pam_krb5.so try_pkinit\n");
         },
         Level::Error, "pam.order", "card or a second factor", "switch those prompts off"},
        {"sufficient", [](HostTree& t) { control_of_latchkey(t, "sufficient"); }, Level::Error,
         "pam.control", "lets pam_latchkey decide a login", "success=ignore"},
        {"no module_unknown",
         [](HostTree& t) { control_of_latchkey(t, "[success=ignore ignore=ignore default=die]"); },
         Level::Error, "pam.control", "nobody could log in", "module_unknown=ignore"},
        {"a refusal goes on", [](HostTree& t) { control_of_latchkey(t, "[default=ignore]"); },
         Level::Error, "pam.control", "goes on after a refused recovery", "default=die"},
        {"a second line of ours with another control",
         [](HostTree& t) {
             behind_latchkey(t,
                             "auth [success=ignore ignore=2 module_unknown=ignore default=die] "
                             "pam_latchkey.so\n");
         },
         Level::Error, "pam.control", "after an ordinary password (common-auth line 2)",
         "ignore=ignore"},
    });
}

TEST_CASE("check is red for every control that could turn one of our codes into more") {
    const auto is_red = [](const std::string& control) {
        HostTree tree;
        tree.set_up();
        control_of_latchkey(tree, control);
        const Findings findings = check_auth_stacks(tree.host(), served_stacks(tree.host()));
        return std::any_of(findings.begin(), findings.end(), [](const Finding& each) {
            return each.level == Level::Error && each.topic == "pam.control";
        });
    };
    CHECK_FALSE(is_red("[success=ignore ignore=ignore module_unknown=ignore default=die]"));
    CHECK_FALSE(is_red("[success=ignore ignore=ignore module_unknown=ignore default=bad]"));
    for (const char* word : {"required", "requisite", "sufficient", "optional", "binding", "[]",
                             "[default=ignore]", "[default=ok]", "[default=done]", "[default=2]"}) {
        INFO(word);
        CHECK(is_red(word));
    }
    for (const std::string action : {"ok", "done", "reset", "1", "2", "99"}) {
        for (const std::string code : {"ignore", "auth_err", "module_unknown"}) {
            for (const std::string equals : {"=", " = "}) {
                const std::string control =
                    "[success=ignore ignore=ignore module_unknown=ignore auth_err=die " + code +
                    equals + action + " default=die]";
                INFO(control);
                CHECK(is_red(control));
            }
        }
    }
}

TEST_CASE("the profile of an earlier package is no fault, and check says what it does not tell") {
    HostTree tree;
    tree.set_up();
    tree.put("/etc/pam.d/common-session", "session required pam_unix.so\n");
    const Findings findings = check(tree);
    INFO(listed(findings));
    CHECK(count(findings, Level::Error) == 0);
    REQUIRE(count(findings, Level::Warn) == 1);
    const auto found = std::find_if(findings.begin(), findings.end(), [](const Finding& each) {
        return each.level == Level::Warn && each.topic == "pam.session";
    });
    REQUIRE(found != findings.end());
    CHECK(found->text.find("login, sshd: pam_latchkey is not in the session stack") == 0);
    CHECK(found->mend.find("common-session: session optional pam_latchkey.so") !=
          std::string::npos);
    tree.put("/etc/pam.d/common-auth", "auth required pam_unix.so\n");
    CHECK(check_session_stacks(tree.host(), served_stacks(tree.host())).empty());
}

TEST_CASE("check finds what keeps users from the root side, and names the mend") {
    const auto on_systemd = [](HostTree& t) { t.put("/run/systemd/system/x", ""); };
    judge({
        {"no socket", [](HostTree& t) { t.remove("/run/latchkey/user.sock"); }, Level::Warn,
         "users", "/run/latchkey/user.sock is missing", "latchkey-monitor --listen"},
        {"no socket on a host with systemd",
         [&](HostTree& t) {
             on_systemd(t);
             t.remove("/run/latchkey/user.sock");
         },
         Level::Warn, "users", "is missing", "systemctl enable latchkey-user.socket"},
        {"a file in its place", [](HostTree& t) { t.put("/run/latchkey/user.sock", "", 0666); },
         Level::Warn, "users", "is not a socket", "latchkey-monitor --listen"},
        {"root's alone", [](HostTree& t) { t.mode("/run/latchkey/user.sock", 0600); }, Level::Warn,
         "users", "a mode other than 0666", "latchkey-monitor --listen"},
        {"nobody there", [](HostTree& t) { t.somebody_listens = false; }, Level::Warn, "users",
         "nobody listens at /run/latchkey/user.sock", "/etc/cron.d/latchkey"},
        {"no service", [](HostTree& t) { t.remove("/etc/pam.d/latchkey-enrol"); }, Level::Warn,
         "users", "/etc/pam.d/latchkey-enrol is missing", "--reinstall"},
        {"a directory in its place",
         [](HostTree& t) {
             t.remove("/etc/pam.d/latchkey-enrol");
             t.put("/etc/pam.d/latchkey-enrol/x", "");
         },
         Level::Warn, "users", "/etc/pam.d/latchkey-enrol is missing", "--reinstall"},
    });
}

TEST_CASE("that users are not served is a fault where sign-ins send them to latchkey") {
    for (const Registration policy : {Registration::Remind, Registration::Require}) {
        HostTree tree;
        tree.set_up();
        tree.settings->security_info.registration = policy;
        CHECK(count(check_users(tree.host()), Level::Ok) == 1);
        tree.somebody_listens = false;
        const Findings findings = check_users(tree.host());
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].level == Level::Error);
    }
}

TEST_CASE("a socket for users that is somebody else's is found") {
    HostTree tree;
    tree.set_up();
    tree.host().superuser += 1;
    const Findings findings = check_users(tree.host());
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].text.find("does not belong to root") != std::string::npos);
}

TEST_CASE("who is said to listen at a socket is somebody who does") {
    const TemporaryDirectory directory;
    const std::string path = directory.path() + "/user.sock";
    CHECK_FALSE(somebody_listens(path));
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof where.sun_path);
    path.copy(where.sun_path, path.size());
    UniqueFd socket{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)};
    REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0);
    CHECK_FALSE(somebody_listens(path));
    REQUIRE(::listen(socket.get(), 0) == 0);
    CHECK(somebody_listens(path));
    // Its one place is taken now: somebody who is busy listens all the same.
    CHECK(somebody_listens(path));
    socket = UniqueFd{};
    CHECK_FALSE(somebody_listens(path));
    CHECK_FALSE(somebody_listens("/" + std::string(200, 'x')));
}

TEST_CASE("modules that ask after the password, or in front of latchkey by choice, are no fault") {
    HostTree tree;
    tree.set_up();
    front_of_common_auth(tree, "auth sufficient pam_fprintd.so\n");
    tree.put("/etc/pam.d/common-auth",
             tree.content("/etc/pam.d/common-auth") + "auth required pam_u2f.so cue\n");
    const Findings findings = check_auth_stacks(tree.host(), served_stacks(tree.host()));
    INFO(listed(findings));
    CHECK(count(findings, Level::Error) == 0);
}

TEST_CASE("sshd: recovery is recommended only where passwords are let in already") {
    struct Row {
        const char* settings;
        Level level;
        const char* words;
        bool recommends;
    };
    const std::vector<Row> rows{
        {"usepam yes\npasswordauthentication yes\nkbdinteractiveauthentication yes\n", Level::Ok,
         "recovery works over ssh", false},
        {"usepam yes\npasswordauthentication yes\nkbdinteractiveauthentication no\n", Level::Warn,
         "recovery does not", true},
        {"usepam yes\npasswordauthentication no\nkbdinteractiveauthentication no\n", Level::Ok,
         "keys only", false},
        {"usepam yes\npasswordauthentication no\nkbdinteractiveauthentication yes\n", Level::Ok,
         "recovery works over ssh", false},
        {"usepam no\npasswordauthentication yes\nkbdinteractiveauthentication no\n", Level::Warn,
         "UsePAM is no", false},
        {"usepam yes\npasswordauthentication yes\nkbdinteractiveauthentication yes\n"
         "authenticationmethods publickey,password\n",
         Level::Warn, "AuthenticationMethods", false},
        {"usepam yes\npasswordauthentication yes\nkbdinteractiveauthentication yes\n"
         "logingracetime 30\n",
         Level::Warn, "LoginGraceTime is 30 s", false},
        {"usepam yes\npasswordauthentication yes\nkbdinteractiveauthentication yes\nusedns yes\n",
         Level::Error, "everybody whose address has a name is one source", false},
    };
    for (const Row& row : rows) {
        HostTree tree;
        tree.sshd_settings = row.settings;
        const Findings findings = check_sshd(tree.host());
        INFO(row.settings << listed(findings));
        CHECK(std::any_of(findings.begin(), findings.end(), [&](const Finding& each) {
            return each.level == row.level && each.text.find(row.words) != std::string::npos;
        }));
        CHECK(row.recommends ==
              (listed(findings).find("KbdInteractiveAuthentication yes") != std::string::npos));
    }
}

TEST_CASE("a host without sshd, or whose sshd refuses to answer, is told so") {
    HostTree tree;
    tree.host().run = [](const Arguments&) -> Result<CommandOutput> {
        return CommandOutput{255, "", "no hostkeys available\nexiting\n"};
    };
    CHECK(check_sshd(tree.host())[0].text == "sshd -T failed: no hostkeys available");
    tree.remove("/usr/sbin/sshd");
    CHECK(check_sshd(tree.host())[0].level == Level::Ok);
}

TEST_CASE("check finds what is wrong with limits of time and with lockouts") {
    const auto faillock = [](HostTree& t, const std::string& options) {
        behind_latchkey(t, "auth requisite pam_faillock.so preauth " + options + "\n");
    };
    judge({
        {"login's default time", [](HostTree& t) { t.put("/etc/login.defs", "UMASK 022\n"); },
         Level::Warn, "login", "LOGIN_TIMEOUT is 60 s", "LOGIN_TIMEOUT 300"},
        {"tallies elsewhere", [&](HostTree& t) { faillock(t, "dir=/var/lib/faillock"); },
         Level::Error, "faillock", "counts in /var/lib/faillock, latchkey looks in /run/faillock",
         "set dir = /var/lib/faillock"},
        {"locked for ever",
         [&](HostTree& t) {
             faillock(t, "");
             t.put("/etc/security/faillock.conf", "# unlock_time = 600\nunlock_time = 0\n");
         },
         Level::Warn, "faillock", "only an administrator", "unlock_time = 600"},
        {"locked for ever by the line alone", [&](HostTree& t) { faillock(t, "unlock_time=0"); },
         Level::Error, "faillock", "line says unlock_time=0, faillock.conf says 600",
         "write unlock_time = 0"},
        {"no faillock program",
         [&](HostTree& t) {
             faillock(t, "");
             t.remove("/usr/sbin/faillock");
         },
         Level::Error, "faillock", "no lockout can be cleared", "libpam-modules-bin"},
        {"tallies that everybody can write",
         [&](HostTree& t) {
             faillock(t, "dir=/srv/tallies");
             t.put("/etc/security/faillock.conf", "dir=/srv/tallies\n");
             t.put("/srv/tallies/ada", "");
             t.mode("/srv/tallies", 0777);
         },
         Level::Error, "faillock", "only root can write", "chmod 0755 /srv/tallies"},
    });
    HostTree tree;
    tree.set_up();
    faillock(tree, "dir=/srv/tallies");
    std::string text = tree.content("/etc/pam.d/common-auth");
    tree.put("/etc/pam.d/common-auth", text.insert(text.find('\n'), " faillock_dir=/srv/tallies"));
    CHECK(check_faillock(tree.host(), served_stacks(tree.host()))[0].level == Level::Ok);
}

TEST_CASE("check finds what is wrong with files, key, channels and packages") {
    const auto channel = [](HostTree& t, const ChannelSettings& settings) {
        t.settings->channels["x"] = settings;
    };
    judge({
        {"key of another mode", [](HostTree& t) { t.mode(kKeyPath, 0440); }, Level::Error, "key",
         "may be read by others than root (mode 0440)", "chmod 0400"},
        {"short key", [](HostTree& t) { t.put(kKeyPath, "short", 0400); }, Level::Error, "key",
         "not 32 bytes", "backup"},
        {"open secrets", [](HostTree& t) { t.mode(kSecretsPath, 0755); }, Level::Error, "files",
         "has mode 0755 and not 0700", "latchkey setup"},
        {"a secret for all", [](HostTree& t) { t.put("/etc/latchkey/secrets/smtp", "x", 0644); },
         Level::Error, "files", "/etc/latchkey/secrets/smtp may be read",
         "chmod 0600 /etc/latchkey/secrets/smtp"},
        {"an open store", [](HostTree& t) { t.put("/var/lib/latchkey/store.db", "", 0644); },
         Level::Error, "files", "store.db", "chmod 0600"},
        {"configuration refused",
         [](HostTree& t) {
             t.settings = Error{ErrorKind::Misconfigured, "latchkey.toml:3: gates.remote: too low"};
         },
         Level::Error, "settings", "latchkey.toml:3", "logins work as before"},
        {"the file channel", [&](HostTree& t) { channel(t, {.plugin = "file"}); }, Level::Error,
         "channel.x", "writes every code into a file", "--allow-file-channel"},
        {"no plugin", [&](HostTree& t) { channel(t, {.plugin = "sms"}); }, Level::Error,
         "channel.x", "/usr/lib/latchkey/channels/sms.so is not there", "apt install"},
        {"a plugin that others can change",
         [&](HostTree& t) {
             channel(t, {.plugin = "sms"});
             t.put("/usr/lib/latchkey/channels/sms.so", "", 0666);
         },
         Level::Error, "channel.x", "may be changed by others", "apt install"},
        {"a PBX that any authority vouches for",
         [&](HostTree& t) {
             channel(t, {.plugin = "voice-sip",
                         .options = {{"ca_file", "/etc/ssl/certs/ca-certificates.crt"}}});
             t.put("/usr/lib/latchkey/channels/voice-sip.so", "");
         },
         Level::Warn, "channel.x", "believes every server", "ca_file ="},
        {"no user", [](HostTree& t) { t.put("/etc/passwd", "root:x:0:0::/root:/bin/sh\n"); },
         Level::Error, "packages", "there is no user _latchkey", "systemd-sysusers"},
        {"no verifier", [](HostTree& t) { t.remove("/usr/libexec/latchkey/latchkey-verifier"); },
         Level::Error, "packages", "latchkey-verifier is not there", "reinstall"},
        {"no seccomp", [](HostTree& t) { t.remove("/proc/sys/kernel/seccomp"); }, Level::Error,
         "kernel", "no seccomp", "CONFIG_SECCOMP"},
        {"no landlock", [](HostTree& t) { t.put("/sys/kernel/security/lsm", "capability,yama"); },
         Level::Warn, "kernel", "Landlock", "lsm="},
        {"no delivery", [](HostTree& t) { t.remove("/etc/cron.d/latchkey"); }, Level::Warn,
         "delivery", "nothing delivers", "latchkey-outbox.timer"},
        {"no probes",
         [](HostTree& t) {
             t.put("/etc/systemd/system/timers.target.wants/latchkey-outbox.timer", "");
             t.put("/run/systemd/system/x", "");
         },
         Level::Warn, "delivery", "no channel is asked whether it works", "latchkey-probe.timer"},
        {"switched off", [](HostTree& t) { t.remove(kSwitchPath); }, Level::Warn, "switch",
         "switched off", "latchkey setup"},
    });
}

TEST_CASE("a channel that costs money and has no budget is a finding") {
    HostTree tree;
    tree.settings->channels["x"] = {.plugin = "sms-twilio"};
    tree.settings->methods["pager"].channels = {"x"};
    const auto is_told = [&tree] {
        const Findings findings = check_channels(tree.host(), false);
        return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
            return finding.level == Level::Warn && finding.topic == "channel.x" &&
                   finding.mend.find("per_hour = 60") != std::string::npos;
        });
    };
    CHECK(is_told());
    tree.settings->channels["x"].budget = {0, 500};
    CHECK_FALSE(is_told());
    tree.settings->channels["x"].budget = {};
    tree.settings->methods.erase("pager");
    CHECK_FALSE(is_told());
}

TEST_CASE("an authority of its own, and one for a plugin that compares names, are no finding") {
    using Options = std::map<std::string, std::string>;
    const std::string public_bundle = "/etc/ssl/certs/ca-certificates.crt";
    for (const auto& [plugin, options] : std::vector<std::pair<std::string, Options>>{
             {"voice-sip", {{"ca_file", "/etc/latchkey/pbx-ca.pem"}}},
             {"voice-sip", {{"transport", "udp"}, {"ca_file", public_bundle}}},
             {"email", {{"ca_file", public_bundle}}}}) {
        HostTree tree;
        tree.set_up();
        tree.settings->channels["x"] = {.plugin = plugin, .options = options};
        tree.put("/usr/lib/latchkey/channels/" + plugin + ".so", "");
        const std::string said = listed(check(tree));
        CHECK(said.find("channel.x: plugin " + plugin + " is there") != std::string::npos);
        CHECK(said.find("believes every server") == std::string::npos);
    }
}

TEST_CASE("the file channel is a warning where it is allowed by name") {
    HostTree tree;
    tree.settings->channels["demo"] = {.plugin = "file"};
    const Findings findings = check_channels(tree.host(), true);
    CHECK(findings.back().level == Level::Warn);
}

TEST_CASE("where the mail server's domain is not the host's name, the settings have to name it") {
    judge({{"a mail name of its own",
            [](HostTree& t) {
                t.put("/etc/hostname", "mars\n");
                t.put("/etc/mailname", "Example.org\n");
            },
            Level::Warn, "own_mail", "mail for example.org may be this host's own",
            "own_mail_domains = [\"example.org\"]"}});
    const auto findings = [](const char* hostname, const char* mailname, const char* own) {
        HostTree tree;
        tree.put("/etc/hostname", hostname);
        tree.put("/etc/mailname", mailname);
        tree.settings->own_mail_domains = {own};
        return check_own_mail(tree.host()).size();
    };
    CHECK(findings("mars\n", "example.org\n", "example.net") == 1);
    CHECK(findings("mars\n", "example.org\n", "example.org") == 0);
    CHECK(findings("mars.example.org\n", "mars.example.org\n", "example.net") == 0);
    CHECK(findings("mars\n", "mars\n", "example.net") == 0);  // no address is there
    CHECK(findings("mars\n", "", "example.net") == 0);
}

TEST_CASE("administrators whom no channel could reach about who can become root are a finding") {
    const auto findings = [](Profile profile, std::vector<std::string> addresses) {
        HostTree tree;
        tree.settings->methods["email"].channels = {"email"};
        tree.settings->channels["email"].profile = profile;
        tree.settings->administrator_mail = std::move(addresses);
        return check_administrator_mail(tree.host());
    };
    const auto found = findings(Profile::Program, {"ops@example.org"});
    REQUIRE(found.size() == 1);
    CHECK(found.front().level == Level::Warn);
    CHECK(findings(Profile::Program, {}).empty());
    CHECK(findings(Profile::Network, {"ops@example.org"}).empty());
}

TEST_CASE("a program channel whose user may leave jobs to cron or at is a finding") {
    const auto program = [](HostTree& t) {
        t.settings->channels["script"] = {.plugin = "exec", .profile = Profile::Program};
        t.put("/usr/lib/latchkey/channels/exec.so", "");
        t.put("/usr/bin/crontab", "", 0755);
        t.put("/usr/bin/at", "", 0755);
        t.put("/etc/cron.deny", "ada\n_latchkey-channel\n");
        t.put("/etc/at.deny", "_latchkey-channel \nbob\n");
    };
    judge({
        {"no list of cron",
         [&](HostTree& t) {
             program(t);
             t.remove("/etc/cron.deny");
         },
         Level::Warn, "channel.script", "leave jobs to cron",
         "echo _latchkey-channel >> /etc/cron.deny"},
        {"others are denied cron",
         [&](HostTree& t) {
             program(t);
             t.put("/etc/cron.deny", "_latchkey-channels\n#_latchkey-channel\n");
         },
         Level::Warn, "channel.script", "leave jobs to cron", "/etc/cron.deny"},
        {"allowed for cron",
         [&](HostTree& t) {
             program(t);
             t.put("/etc/cron.allow", "_latchkey-channel\n");
         },
         Level::Warn, "channel.script", "leave jobs to cron",
         "remove _latchkey-channel from /etc/cron.allow"},
        {"others are denied at",
         [&](HostTree& t) {
             program(t);
             t.put("/etc/at.deny", "");
         },
         Level::Warn, "channel.script", "leave jobs to at", "/etc/at.deny"},
    });
    const auto warnings = [&](const std::function<void(HostTree&)>& change) {
        HostTree tree;
        tree.set_up();
        program(tree);
        change(tree);
        return count(check(tree), Level::Warn);
    };
    CHECK(warnings([](HostTree&) {}) == 0);
    CHECK(warnings([](HostTree& t) {
              t.remove("/etc/at.deny");  // then root alone may
              t.put("/etc/cron.allow", "root\n");
              t.remove("/etc/cron.deny");
          }) == 0);
    CHECK(warnings([](HostTree& t) {
              t.remove("/etc/cron.deny");
              t.remove("/usr/bin/crontab");
          }) == 0);
    CHECK(warnings([](HostTree& t) {
              t.remove("/etc/cron.deny");
              t.settings->channels["script"].profile = Profile::Network;
          }) == 0);
}

TEST_CASE("check says who could get back in, who is short of ways and who is not enrolled") {
    HostTree tree;
    tree.status_rows = {
        R"({"host":{"outbox_oldest_due":null,"store":"ok"}})",
        R"({"user":"ada","uid":1000,"eligible":true,"ways":2,"short_of_ways":false,"locked":"no"})",
        R"({"user":"bob","uid":1001,"eligible":true,"ways":1,"short_of_ways":true,"locked":"no"})",
        R"({"user":"eve","uid":1002,"eligible":true,"ways":0,"short_of_ways":true,"locked":"no"})",
        R"({"user":"key","uid":1003,"eligible":false,"why_not":"x","ways":1,"locked":"no"})",
        R"({"user":"svc","uid":1004,"eligible":false,"why_not":"x","ways":0,"locked":"no"})"};
    const std::string text = listed(check_people(tree.monitor(), tree.host().now));
    CHECK(text.find("1 person can recover everywhere") != std::string::npos);
    CHECK(text.find("1 person would be one proof short: bob") != std::string::npos);
    CHECK(text.find("1 person cannot recover: eve") != std::string::npos);
    CHECK(text.find("login shell: key") != std::string::npos);
    CHECK(text.find("svc") == std::string::npos);
}

TEST_CASE("a message that waits for more than five minutes, and a broken store, are findings") {
    HostTree tree;
    tree.host().now = TimePoint{std::chrono::seconds{1'767'225'600}};  // 2026-01-01T00:00:00Z
    const auto with = [&](const std::string& due, const std::string& store) {
        tree.status_rows = {R"({"host":{"outbox_oldest_due":")" + due + R"(","store":")" + store +
                            R"("}})"};
        return check_people(tree.monitor(), tree.host().now);
    };
    CHECK(count(with("2025-12-31T23:56:00Z", "ok"), Level::Warn) == 0);
    CHECK(count(with("2025-12-31T23:54:00Z", "ok"), Level::Warn) == 1);
    CHECK(count(with("2026-01-01T00:10:00Z", "ok"), Level::Warn) == 0);
    CHECK(count(with("not a time", "ok"), Level::Warn) == 0);
    CHECK(count(with("", "disk full"), Level::Error) == 1);
}

TEST_CASE("a channel that probes find in trouble is a finding, with the time since when") {
    HostTree tree;
    tree.status_rows = {R"({"host":{"outbox_oldest_due":null,"store":"ok","channels_in_trouble":)"
                        R"([{"channel":"post","failing_since":"2026-01-01T00:00:00Z"}]}})"};
    const Findings findings = check_people(tree.monitor(), tree.host().now);
    CHECK(count(findings, Level::Warn) == 1);
    CHECK(listed(findings).find("since 2026-01-01T00:00:00Z") != std::string::npos);
    tree.status_rows = {R"({"host":{"store":"ok","channels_in_trouble":[]}})"};
    CHECK(count(check_people(tree.monitor(), tree.host().now), Level::Warn) == 0);
}

TEST_CASE("a method that reaches nobody who can become root is an error, and names whom") {
    HostTree tree;
    const auto row = [](const char* user, bool gets_nothing) {
        return std::string{R"({"user":")"} + user +
               R"(","eligible":true,"privileged":true,"ways":1,"short_of_ways":false,"methods":)" +
               R"([{"method":"email","gets_nothing":)" + (gets_nothing ? "true" : "false") +
               R"(},{"method":"email","gets_nothing":)" + (gets_nothing ? "true" : "false") + "}]}";
    };
    tree.status_rows = {row("ada", true), row("ben", false)};
    const Findings findings = check_people(tree.monitor(), tree.host().now);
    const std::string text = listed(findings);
    CHECK(count(findings, Level::Error) == 1);
    CHECK(text.find("method.email: every channel of it runs a program") != std::string::npos);
    CHECK(text.find("become root: ada -> add a channel of another profile to [method.email]") !=
          std::string::npos);
    tree.status_rows = {row("ben", false)};
    CHECK(count(check_people(tree.monitor(), tree.host().now), Level::Error) == 0);
}

TEST_CASE("a monitor that does not answer, or answers nonsense, is an error") {
    HostTree tree;
    const MonitorCall dead = [](const wire::AdminRequest&) {
        MonitorAnswer answer;
        answer.error = "the monitor did not answer";
        return answer;
    };
    CHECK(check_people(dead, tree.host().now)[0].level == Level::Error);
    for (const char* const row :
         {"", "[]", "{}", "null", R"({"user":7})", R"({"host":3})",
          R"({"host":{"channels_in_trouble":[{}]}})", R"({"user":"ada","methods":[1]})",
          R"({"user":"ada","uid":"x"})"}) {
        tree.status_rows = {row};
        INFO(row);
        CHECK(check_people(tree.monitor(), tree.host().now)[0].level == Level::Error);
    }
}
