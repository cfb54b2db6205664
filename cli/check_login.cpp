// SPDX-License-Identifier: MIT
#include "cli/check_login.hpp"

#include <charconv>
#include <utility>

namespace latchkey::cli {

namespace {

constexpr const char* kSshd = "/usr/sbin/sshd";
constexpr long kEnoughSeconds = 120;  // to read a mail and to type its code

std::optional<long> number(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    long value = 0;
    const char* const end = text->data() + text->size();
    if (std::from_chars(text->data(), end, value).ptr != end) return std::nullopt;
    return value;
}

bool is_on(const std::string& sshd_settings, std::string_view key) {
    return value_of(sshd_settings, key).value_or("no") == "yes";
}

Findings check_sshd_methods(const std::string& settings) {
    const bool keyboard = is_on(settings, "kbdinteractiveauthentication") ||
                          is_on(settings, "challengeresponseauthentication");
    const bool password = is_on(settings, "passwordauthentication");
    if (!is_on(settings, "usepam")) {
        return {warning("sshd", "UsePAM is no: no recovery over ssh",
                        "set UsePAM yes, if recovery over ssh is wanted")};
    }
    if (!password && !keyboard) return {ok("sshd", "keys only: no recovery over ssh, on purpose")};
    if (!keyboard) {
        return {warning("sshd",
                        "KbdInteractiveAuthentication is no: passwords work over ssh, recovery "
                        "does not",
                        "echo 'KbdInteractiveAuthentication yes' > "
                        "/etc/ssh/sshd_config.d/latchkey.conf; systemctl reload ssh")};
    }
    const std::string required = value_of(settings, "authenticationmethods").value_or("any");
    if (required != "any" && required.find("keyboard-interactive") == std::string::npos) {
        return {warning(
            "sshd", "AuthenticationMethods leaves keyboard-interactive out: no recovery over ssh",
            "add keyboard-interactive to it, if recovery over ssh is wanted")};
    }
    return {ok("sshd", "keyboard-interactive is on: recovery works over ssh")};
}

Findings check_grace_time(const std::string& settings) {
    const auto seconds = number(value_of(settings, "logingracetime"));
    if (!seconds || *seconds == 0 || *seconds >= kEnoughSeconds) return {};
    return {warning("sshd",
                    "LoginGraceTime is " + std::to_string(*seconds) +
                        " s: most people will be cut off and need their resume code",
                    "LoginGraceTime 300 in /etc/ssh/sshd_config")};
}

// A name in PAM_RHOST is no source of its own (monitor/login_session.hpp): it is its owner's
// to choose.
Findings check_source(const std::string& settings) {
    if (!is_on(settings, "usedns") || !is_on(settings, "usepam")) return {};
    return {fault("sshd",
                  "UseDNS is yes: everybody whose address has a name is one source, and shares "
                  "its limits with strangers",
                  "UseDNS no in /etc/ssh/sshd_config; systemctl reload ssh")};
}

const PamLine* faillock_line(const std::vector<ServiceStack>& stacks) {
    for (const ServiceStack& stack : stacks) {
        for (const PamLine& line : stack.auth.lines) {
            if (line.name() == "pam_faillock.so") return &line;
        }
    }
    return nullptr;
}

// pam_faillock's arguments win over its file.
std::string faillock_setting(const Host& host, const PamLine& line, const std::string& key,
                             const std::string& otherwise) {
    if (const auto argument = line.argument_value(key)) return *argument;
    const auto file =
        read_text(host, line.argument_value("conf").value_or("/etc/security/faillock.conf"));
    if (!file) return otherwise;
    return value_of(*file, key).value_or(otherwise);
}

// The monitor reads faillock.conf, not the stacks: a limit that stands on the PAM
// line alone would let it clear a lockout that only an administrator releases.
Findings check_faillock_arguments(const Host& host, const PamLine& line) {
    Findings findings;
    const auto file = read_text(host, "/etc/security/faillock.conf");
    for (const auto& [key, usual] : {std::pair{"deny", "3"}, std::pair{"fail_interval", "900"},
                                     std::pair{"unlock_time", "600"}}) {
        const auto on_line = line.argument_value(key);
        const std::string in_file =
            (file ? value_of(*file, key) : std::nullopt).value_or(std::string{usual});
        if (!on_line || *on_line == in_file) continue;
        findings.push_back(fault("faillock",
                                 "pam_faillock's line says " + std::string{key} + "=" + *on_line +
                                     ", faillock.conf says " + in_file,
                                 "write " + std::string{key} + " = " + *on_line +
                                     " into /etc/security/faillock.conf, which latchkey reads"));
    }
    return findings;
}

// The directory that latchkey looks at: its own argument, else faillock.conf's.
std::string directory_latchkey_reads(const Host& host, const std::vector<ServiceStack>& stacks,
                                     const std::string& otherwise) {
    for (const ServiceStack& stack : stacks) {
        const std::size_t ours = place_of_latchkey(stack.auth);
        if (ours == stack.auth.lines.size()) continue;
        if (const auto set = stack.auth.lines[ours].argument_value("faillock_dir")) return *set;
    }
    const auto file = read_text(host, "/etc/security/faillock.conf");
    return file ? value_of(*file, "dir").value_or(otherwise) : otherwise;
}

// /var/run is a link to /run.
std::string one_name(std::string directory) {
    if (directory.starts_with("/var/run/")) directory.erase(0, 4);
    while (directory.size() > 1 && directory.back() == '/') directory.pop_back();
    return directory;
}

Findings check_faillock_directory(const Host& host, const std::string& directory) {
    const auto facts = facts_of(host, directory);
    if (!facts) return {};  // pam_faillock makes it with the first failure
    if (facts->type == FileType::Directory && facts->owner == host.superuser &&
        (facts->mode & 0022U) == 0) {
        return {};
    }
    return {fault("faillock", directory + " is not a directory that only root can write",
                  "chown root:root " + directory + "; chmod 0755 " + directory)};
}

}  // namespace

Findings check_sshd(const Host& host) {
    if (!facts_of(host, kSshd)) return {ok("sshd", "not installed")};
    // A connection is named because Match blocks make -T refuse without one.
    const auto shown = host.run({kSshd, "-T", "-C",
                                 "user=latchkey-check,host=client.example,addr=192.0.2.1,"
                                 "laddr=192.0.2.2,lport=22"});
    if (!shown || shown->exit_status != 0) {
        const std::string why = shown ? shown->errors : shown.error().detail;
        return {warning("sshd", "sshd -T failed: " + why.substr(0, why.find('\n')),
                        "run `sshd -T` and mend what it names")};
    }
    Findings findings = check_sshd_methods(shown->text);
    for (Finding& finding : check_grace_time(shown->text)) findings.push_back(std::move(finding));
    for (Finding& finding : check_source(shown->text)) findings.push_back(std::move(finding));
    return findings;
}

Findings check_login_timeout(const Host& host) {
    const auto definitions = read_text(host, "/etc/login.defs");
    const long seconds =
        number(definitions ? value_of(*definitions, "LOGIN_TIMEOUT") : std::nullopt).value_or(60);
    if (seconds == 0 || seconds >= kEnoughSeconds) {
        return {ok("login",
                   "LOGIN_TIMEOUT leaves " +
                       (seconds == 0 ? std::string("any time") : std::to_string(seconds) + " s"))};
    }
    return {warning("login",
                    "LOGIN_TIMEOUT is " + std::to_string(seconds) +
                        " s: most people will be cut off at the console and need their resume code",
                    "LOGIN_TIMEOUT 300 in /etc/login.defs")};
}

Findings check_faillock(const Host& host, const std::vector<ServiceStack>& stacks) {
    const PamLine* const line = faillock_line(stacks);
    if (line == nullptr) {
        return {ok("faillock", "pam_faillock is not in use: there are no lockouts to clear")};
    }
    Findings findings = check_faillock_arguments(host, *line);
    const std::string usual = "/var/run/faillock";
    const std::string counted = one_name(faillock_setting(host, *line, "dir", usual));
    const std::string read = one_name(directory_latchkey_reads(host, stacks, usual));
    if (counted != read) {
        findings.push_back(
            fault("faillock", "pam_faillock counts in " + counted + ", latchkey looks in " + read,
                  "set dir = " + counted + " in /etc/security/faillock.conf"));
    }
    if (!facts_of(host, "/usr/sbin/faillock")) {
        findings.push_back(fault("faillock",
                                 "/usr/sbin/faillock is not there: no lockout can be cleared",
                                 "apt install libpam-modules-bin"));
    }
    if (faillock_setting(host, *line, "unlock_time", "600") == "0" ||
        faillock_setting(host, *line, "unlock_time", "600") == "never") {
        findings.push_back(
            warning("faillock", "unlock_time is 0: only an administrator releases a lockout",
                    "set unlock_time = 600 in /etc/security/faillock.conf, if people "
                    "may release themselves"));
    }
    for (Finding& finding : check_faillock_directory(host, counted)) {
        findings.push_back(std::move(finding));
    }
    if (findings.empty()) {
        findings.push_back(ok("faillock", "lockouts are counted in " + counted));
    }
    return findings;
}

}  // namespace latchkey::cli
