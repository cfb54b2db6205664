// SPDX-License-Identifier: MIT
#include "cli/check_pam.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "cli/password_service.hpp"

namespace latchkey::cli {

namespace {

constexpr std::array kServices{"login", "sshd", "gdm-password", "lightdm", "sddm"};

// What a module does to the person in front of the prompt.
enum class Role : std::uint8_t { Unknown, Silent, Password, AsksFirst };

constexpr std::array kPasswordModules{"pam_unix.so", "pam_sss.so", "pam_krb5.so", "pam_ldap.so",
                                      "pam_winbind.so"};
constexpr std::array kAskingModules{
    "pam_fprintd.so", "pam_fprint.so",     "pam_u2f.so",  "pam_pkcs11.so",
    "pam_p11.so",     "pam_howdy.so",      "pam_oath.so", "pam_google_authenticator.so",
    "pam_yubico.so",  "pam_duo.so",        "pam_usb.so",  "pam_biometrics.so",
    "pam_radius.so",  "pam_radius_auth.so"};
constexpr std::array kSilentModules{
    "pam_access.so",    "pam_cap.so",        "pam_debug.so",    "pam_deny.so",
    "pam_echo.so",      "pam_ecryptfs.so",   "pam_env.so",      "pam_exec.so",
    "pam_faildelay.so", "pam_faillock.so",   "pam_gdm.so",      "pam_gnome_keyring.so",
    "pam_group.so",     "pam_issue.so",      "pam_kwallet5.so", "pam_latchkey.so",
    "pam_listfile.so",  "pam_localuser.so",  "pam_mount.so",    "pam_nologin.so",
    "pam_permit.so",    "pam_rhosts.so",     "pam_rootok.so",   "pam_securetty.so",
    "pam_selinux.so",   "pam_sepermit.so",   "pam_setquota.so", "pam_shells.so",
    "pam_script.so",    "pam_succeed_if.so", "pam_time.so",     "pam_tally2.so",
    "pam_usertype.so",  "pam_warn.so",       "pam_wheel.so",    "pam_ssh_agent_auth.so",
    "pam_systemd.so",   "pam_ssh.so"};

template <std::size_t N>
bool contains(const std::array<const char*, N>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Role role_of(const PamLine& line) {
    const std::string name = line.name();
    if (contains(kPasswordModules, name)) return Role::Password;
    if (contains(kAskingModules, name)) return Role::AsksFirst;
    return contains(kSilentModules, name) ? Role::Silent : Role::Unknown;
}

bool is_latchkey(const PamLine& line) {
    return line.name() == "pam_latchkey.so";
}

std::string place(const PamLine& line) {
    return line.name() + " (" + line.file + " line " + std::to_string(line.line) + ")";
}

Findings judge_control(const PamLine& ours) {
    const std::string mend = std::string("write the line as: ") + kAuthLine;
    const auto wrong = [&](std::string text) {
        return fault(
            "pam.control",
            std::move(text) + " (" + ours.file + " line " + std::to_string(ours.line) + ")", mend);
    };
    Findings findings;
    const std::string refused = action_on(ours, "auth_err");
    if (action_on(ours, "success") != "ignore") {
        findings.push_back(wrong("the control lets pam_latchkey decide a login"));
    }
    if (action_on(ours, "ignore") != "ignore") {
        findings.push_back(wrong("the control does not go on after an ordinary password"));
    }
    if (refused != "die" && refused != "bad") {
        findings.push_back(wrong("the control goes on after a refused recovery"));
    }
    if (action_on(ours, "module_unknown") != "ignore") {
        findings.push_back(wrong("without the module's file nobody could log in"));
    }
    return findings;
}

Findings judge_line_in_front(const PamLine& line, std::size_t lines_to_ours) {
    const std::string mend = "put the line of pam_latchkey above it";
    Findings findings;
    if (role_of(line) == Role::Password) {
        findings.push_back(
            fault("pam.order", place(line) + " asks for the password before pam_latchkey", mend));
    }
    if (line.name() == "pam_faillock.so" && line.has_argument("preauth")) {
        findings.push_back(
            fault("pam.order", place(line) + " turns a locked-out person away before pam_latchkey",
                  mend));
    }
    if (role_of(line) == Role::Unknown) {
        findings.push_back(
            warning("pam.order", place(line) + " stands in front of pam_latchkey and is not known",
                    "try a login by hand: one prompt is right"));
    }
    if (longest_jump(line) >= lines_to_ours) {
        findings.push_back(warning("pam.order", place(line) + " can jump over pam_latchkey",
                                   "put the line of pam_latchkey above it"));
    }
    return findings;
}

// A line between ours and the first one that takes the password.
Findings judge_line_between(const PamLine& line) {
    if (role_of(line) == Role::AsksFirst) {
        return {fault("pam.order",
                      place(line) + " prompts before the password, but pam_latchkey asks first",
                      "put the line of pam_latchkey below it by hand, or `pam-auth-update "
                      "--disable latchkey` (pam_latchkey(8), PLACEMENT)")};
    }
    if (role_of(line) == Role::Unknown) {
        return {
            warning("pam.order",
                    place(line) + " stands between pam_latchkey and the password and is not known",
                    "if it prompts, put the line of pam_latchkey below it")};
    }
    return {};
}

bool sssd_prompts(const Host& host) {
    const auto text = read_text(host, "/etc/sssd/sssd.conf");
    if (!text) return false;
    return text->find("[prompting/") != std::string::npos ||
           value_of(*text, "pam_cert_auth").value_or("") == "True" ||
           value_of(*text, "pam_cert_auth").value_or("") == "true";
}

Findings judge_password_module(const Host& host, const PamLine& line) {
    const bool pkinit = line.name() == "pam_krb5.so" &&
                        (line.has_argument("try_pkinit") || line.has_argument("use_pkinit"));
    const bool sssd = line.name() == "pam_sss.so" && sssd_prompts(host);
    if (!pkinit && !sssd) return {};
    return {fault("pam.order",
                  place(line) + " is set up to ask for a card or a second factor itself, but "
                                "pam_latchkey asks for a password first",
                  "leave pam_latchkey out of this stack, or switch those prompts off")};
}

Findings judge_stack(const Host& host, const PamStack& stack) {
    const std::size_t ours = place_of_latchkey(stack);
    if (ours == stack.lines.size()) {
        return {warning("pam.profile", "pam_latchkey is not in the stack; no recovery there",
                        "if recovery is wanted there, @include common-auth in it")};
    }
    Findings findings;
    const auto add = [&](Findings more) {
        findings.insert(findings.end(), more.begin(), more.end());
    };
    for (const PamLine& line : stack.lines) {
        if (is_latchkey(line)) add(judge_control(line));
    }
    for (std::size_t i = 0; i < ours; ++i) add(judge_line_in_front(stack.lines[i], ours - i));
    bool password_taken = false;
    for (std::size_t i = ours + 1; i < stack.lines.size(); ++i) {
        const PamLine& line = stack.lines[i];
        password_taken = password_taken || role_of(line) == Role::Password;
        if (!password_taken) add(judge_line_between(line));
        if (role_of(line) == Role::Password) add(judge_password_module(host, line));
    }
    if (findings.empty()) findings.push_back(ok("pam.order", "pam_latchkey asks first"));
    return findings;
}

// The same finding of several services becomes one: "login, sshd: ...".
Findings merged(const std::vector<std::pair<std::string, Findings>>& by_service) {
    Findings result;
    std::vector<std::string> services;
    for (const auto& [service, findings] : by_service) {
        for (const Finding& finding : findings) {
            const auto same = std::find_if(result.begin(), result.end(), [&](const Finding& other) {
                return other.level == finding.level && other.text == finding.text;
            });
            if (same == result.end()) {
                result.push_back(finding);
                services.push_back(service);
            } else {
                services[static_cast<std::size_t>(same - result.begin())] += ", " + service;
            }
        }
    }
    for (std::size_t i = 0; i < result.size(); ++i) {
        result[i].text.insert(0, services[i] + ": ");
    }
    return result;
}

// Our line as pam-auth-update would put it: first of common-auth.
PamStack with_profile(PamStack stack) {
    const PamFileReader profile = [](const std::string&) {
        return std::optional{std::string(kAuthLine)};
    };
    const auto first = std::find_if(stack.lines.begin(), stack.lines.end(),
                                    [](const PamLine& line) { return line.file == "common-auth"; });
    if (first == stack.lines.end()) return stack;
    stack.lines.insert(first, read_pam_stack(profile, "common-auth", "auth").lines.front());
    return stack;
}

// The profile is off. Neighbours that it would not get on with are named before
// anything is enabled.
Findings judge_imagined(const Host& host, const std::vector<ServiceStack>& stacks) {
    std::vector<std::pair<std::string, Findings>> by_service;
    for (const ServiceStack& stack : stacks) {
        Findings findings;
        for (Finding& finding : judge_stack(host, with_profile(stack.auth))) {
            if (finding.level != Level::Ok) findings.push_back(std::move(finding));
        }
        by_service.emplace_back(stack.service, std::move(findings));
    }
    Findings all = merged(by_service);
    all.insert(all.begin(),
               mended_by_setup(fault("pam.profile", "pam_latchkey stands in no login's stack",
                                     "latchkey setup")));
    return all;
}

}  // namespace

std::vector<ServiceStack> served_stacks(const Host& host) {
    std::vector<ServiceStack> stacks;
    const PamFileReader read = pam_files_of(host);
    for (const char* const service : kServices) {
        if (read(service)) stacks.push_back({service, read_pam_stack(read, service, "auth")});
    }
    return stacks;
}

std::size_t place_of_latchkey(const PamStack& stack) {
    const auto found = std::find_if(stack.lines.begin(), stack.lines.end(), is_latchkey);
    return static_cast<std::size_t>(found - stack.lines.begin());
}

Findings check_auth_stacks(const Host& host, const std::vector<ServiceStack>& stacks) {
    const bool nowhere = std::none_of(stacks.begin(), stacks.end(), [](const ServiceStack& stack) {
        return place_of_latchkey(stack.auth) < stack.auth.lines.size();
    });
    if (nowhere) return judge_imagined(host, stacks);
    std::vector<std::pair<std::string, Findings>> by_service;
    for (const ServiceStack& stack : stacks) {
        Findings findings = judge_stack(host, stack.auth);
        for (const std::string& text : stack.auth.faults) {
            findings.push_back(
                warning("pam.order", "libpam cannot read " + text, "mend that line"));
        }
        by_service.emplace_back(stack.service, std::move(findings));
    }
    return merged(by_service);
}

Findings check_password_service(const Host& host) {
    const PasswordModules modules = password_modules(host);
    if (modules.common.empty()) {
        return {fault("pam.password", "/etc/pam.d/common-password has no password stack",
                      "restore its password lines; `passwd` cannot work either")};
    }
    const auto text = read_text(host, kPasswordServicePath);
    if (!text) {
        return {mended_by_setup(fault("pam.password",
                                      std::string(kPasswordServicePath) + " is not there",
                                      "latchkey setup"))};
    }
    if (*text != password_service_text(modules)) {
        const std::string what =
            std::string(kPasswordServicePath) + " is not what setup would write";
        if (!text->starts_with(kPasswordServiceMark)) {
            return {fault("pam.password", what + ", and was not generated by it",
                          "move it away, then: latchkey setup")};
        }
        return {mended_by_setup(fault("pam.password", what, "latchkey setup"))};
    }
    const PamStack stack = read_pam_stack(pam_files_of(host), "latchkey-password", "password");
    for (const PamLine& line : stack.lines) {
        if (line.may_be_missing || is_installed(host, line.module)) continue;
        return {fault("pam.password", place(line) + " is not installed",
                      "install its package, or pam-auth-update")};
    }
    return {ok("pam.password", "new passwords pass through the host's own rules")};
}

}  // namespace latchkey::cli
