// SPDX-License-Identifier: MIT
#include "cli/check_files.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "monitor/paths.hpp"

namespace latchkey::cli {

namespace {

constexpr std::uint64_t kKeyBytes = 32;
constexpr const char* kReinstall = "apt install --reinstall latchkey libpam-latchkey";

std::string octal(mode_t mode) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04o", mode);
    return text.data();
}

// What is wrong with something only the superuser may change; empty if nothing is.
std::string fault_of_root_file(const Host& host, const std::string& path) {
    const auto facts = facts_of(host, path);
    if (!facts) return path + " is not there";
    if (facts->type != FileType::Regular) return path + " is not a regular file";
    if (facts->owner != host.superuser) return path + " does not belong to root";
    if ((facts->mode & 0022U) != 0) {
        return path + " may be changed by others than root (mode " + octal(facts->mode) + ")";
    }
    return {};
}

std::string fault_of_directory(const Host& host, const OwnedDirectory& wanted) {
    const std::string path = wanted.path;
    const auto owner = std::string(wanted.owner) == "root" ? std::optional<uid_t>{host.superuser}
                                                           : uid_of(host, wanted.owner);
    const auto facts = facts_of(host, path);
    if (!facts) return path + " is not there";
    if (facts->type != FileType::Directory) return path + " is not a directory";
    if (!owner || facts->owner != *owner) return path + " does not belong to " + wanted.owner;
    if ((facts->mode & ~wanted.mode & 07777U) != 0) {
        return path + " has mode " + octal(facts->mode) + " and not " + octal(wanted.mode);
    }
    return {};
}

std::string fault_of_secret(const Host& host, const std::string& path) {
    std::string wrong = fault_of_root_file(host, path);
    const auto facts = facts_of(host, path);
    if (wrong.empty() && (facts->mode & 0077U) != 0) {
        wrong = path + " may be read by others than root (mode " + octal(facts->mode) + ")";
    }
    return wrong;
}

Findings check_key(const Host& host) {
    const auto facts = facts_of(host, kKeyPath);
    if (!facts) {
        return {mended_by_setup(fault("key", std::string(kKeyPath) + " is not there",
                                      "latchkey setup; without the old key everybody is enrolled "
                                      "anew"))};
    }
    std::string wrong = fault_of_secret(host, kKeyPath);
    if (wrong.empty() && facts->mode != 0400) wrong = std::string(kKeyPath) + " has not mode 0400";
    if (!wrong.empty()) {
        return {fault("key", wrong,
                      "chown root:root " + std::string(kKeyPath) + "; chmod 0400 " + kKeyPath)};
    }
    if (facts->size != kKeyBytes) {
        return {fault("key", std::string(kKeyPath) + " is not 32 bytes long",
                      "restore it from your backup")};
    }
    return {ok("key", "the key is there, and root's alone")};
}

std::string mend_of_secret(const std::string& path) {
    std::string mend = "chown root:root ";
    return mend.append(path).append("; chmod 0600 ").append(path);
}

Findings check_secret_files(const Host& host) {
    Findings findings;
    for (const std::string& name : names_in(host, kSecretsPath)) {
        std::string path = kSecretsPath;
        path.append("/").append(name);
        const std::string wrong = fault_of_secret(host, path);
        if (wrong.empty()) continue;
        findings.push_back(fault("files", wrong, mend_of_secret(path)));
    }
    return findings;
}

Findings check_store_file(const Host& host) {
    const std::string path = std::string(paths::kStore) + "/store.db";
    const auto facts = facts_of(host, path);
    if (!facts) return {};  // the first recovery makes it
    const auto owner = uid_of(host, paths::kVerifierUser);
    if (facts->type == FileType::Regular && owner && facts->owner == *owner &&
        (facts->mode & 0077U) == 0) {
        return {};
    }
    return {fault("files", path + " is not a file that only _latchkey can read and write",
                  "chown _latchkey:_latchkey " + path + "; chmod 0600 " + path)};
}

bool believes_public_authorities(const ChannelSettings& channel) {
    const auto transport = channel.options.find("transport");
    if (transport != channel.options.end() && transport->second != "tls") return false;
    const auto file = channel.options.find("ca_file");
    return file != channel.options.end() &&
           (file->second.starts_with("/etc/ssl/certs/") ||
            file->second.starts_with("/usr/share/ca-certificates/"));
}

Finding check_channel(const Host& host, const std::string& name, const ChannelSettings& channel,
                      bool allow_file_channel) {
    const std::string topic = "channel." + name;
    if (channel.plugin == "file") {
        const std::string text = "writes every code into a file; it is made for trying out";
        if (allow_file_channel)
            return warning(topic, text, "remove it before people use this host");
        return fault(topic, text,
                     "remove it from /etc/latchkey, or give --allow-file-channel on a host that "
                     "nobody depends on");
    }
    const std::string plugin = host.channel_directory + "/" + channel.plugin + ".so";
    const std::string wrong = fault_of_root_file(host, plugin);
    if (!wrong.empty()) return fault(topic, wrong, kReinstall);
    if (!channel.secret_file.empty()) {
        const std::string secret = fault_of_secret(host, channel.secret_file);
        if (!secret.empty()) {
            return fault(topic, secret, "make it a file of root with mode 0600");
        }
    }
    if (channel.plugin == "voice-sip" && believes_public_authorities(channel))
        return warning(
            topic,
            "believes every server with a certificate of a public authority, because SIP "
            "compares no name: who is on the way would hear codes",
            "ca_file = the certificate of who signed that server's alone");
    return ok(topic, "plugin " + channel.plugin + " is there, and safe to load");
}

// By its plugin's name a channel to telephones, in use, and its method's medium is another, so
// that it was given no budget.
bool is_without_budget(const Settings& settings, const std::string& name) {
    const ChannelSettings& channel = settings.channels.at(name);
    if (channel.budget.per_hour != 0 || channel.budget.per_day != 0) return false;
    if (!channel.plugin.starts_with("sms") && !channel.plugin.starts_with("voice")) return false;
    return std::any_of(settings.methods.begin(), settings.methods.end(), [&](const auto& entry) {
        const auto& channels = entry.second.channels;
        return std::find(channels.begin(), channels.end(), name) != channels.end();
    });
}

bool is_timed(const Host& host, const std::string& timer) {
    return facts_of(host, "/etc/systemd/system/timers.target.wants/" + timer) &&
           facts_of(host, "/run/systemd/system");
}

}  // namespace

const std::vector<OwnedDirectory>& owned_directories() {
    static const std::vector<OwnedDirectory> kDirectories{
        {"/etc/latchkey", "root", 0755}, {"/etc/latchkey/latchkey.d", "root", 0755},
        {kSecretsPath, "root", 0700},    {paths::kStore, paths::kVerifierUser, 0700},
        {paths::kActs, "root", 0700},
    };
    return kDirectories;
}

Findings check_installation(const Host& host) {
    Findings findings;
    for (const char* const user : {paths::kVerifierUser, paths::kChannelUser}) {
        const auto uid = uid_of(host, user);
        if (!uid) {
            findings.push_back(
                fault("packages", std::string("there is no user ") + user,
                      "systemd-sysusers, or: adduser --system --group " + std::string(user)));
        }
    }
    if (uid_of(host, paths::kVerifierUser) == uid_of(host, paths::kChannelUser) &&
        uid_of(host, paths::kVerifierUser)) {
        findings.push_back(
            fault("packages", "_latchkey and _latchkey-channel have one uid", "give each its own"));
    }
    std::vector<std::string> files{host.module_directory + "/pam_latchkey.so",
                                   "/usr/share/pam-configs/latchkey"};
    for (const char* const program :
         {"latchkey-monitor", "latchkey-verifier", "latchkey-channel-host"}) {
        files.push_back(host.program_directory + "/" + program);
    }
    for (const std::string& file : files) {
        const std::string wrong = fault_of_root_file(host, file);
        if (!wrong.empty()) findings.push_back(fault("packages", wrong, kReinstall));
    }
    if (findings.empty())
        findings.push_back(ok("packages", "module, programs and users are there"));
    return findings;
}

Findings check_permissions(const Host& host) {
    Findings findings;
    for (const OwnedDirectory& wanted : owned_directories()) {
        const std::string wrong = fault_of_directory(host, wanted);
        if (wrong.empty()) continue;
        findings.push_back(mended_by_setup(fault("files", wrong, "latchkey setup")));
    }
    for (Findings more : {check_secret_files(host), check_store_file(host)}) {
        for (Finding& finding : more) findings.push_back(std::move(finding));
    }
    if (findings.empty()) findings.push_back(ok("files", "directories belong to whom they should"));
    for (Finding& finding : check_key(host)) findings.push_back(std::move(finding));
    return findings;
}

Findings check_kernel(const Host& host) {
    Findings findings;
    if (!facts_of(host, "/proc/sys/kernel/seccomp/actions_avail")) {
        findings.push_back(fault("kernel", "no seccomp: channel plugins cannot be confined",
                                 "boot a kernel with CONFIG_SECCOMP_FILTER"));
    }
    const auto modules = read_text(host, "/sys/kernel/security/lsm");
    if (modules && modules->find("landlock") == std::string::npos) {
        findings.push_back(warning("kernel", "Landlock is not active: one wall less around plugins",
                                   "add landlock to lsm= on the kernel's command line"));
    }
    if (findings.empty()) findings.push_back(ok("kernel", "plugins can be confined"));
    return findings;
}

Findings check_delivery(const Host& host) {
    if (is_timed(host, "latchkey-outbox.timer")) {
        Findings findings{ok("delivery", "latchkey-outbox.timer delivers what was left over")};
        if (!is_timed(host, "latchkey-probe.timer"))
            findings.push_back(warning("delivery",
                                       "no channel is asked whether it works, so nobody is told "
                                       "of one that does not",
                                       "systemctl enable --now latchkey-probe.timer"));
        return findings;
    }
    // Its file does both.
    if (facts_of(host, "/etc/cron.d/latchkey") && facts_of(host, "/usr/sbin/cron")) {
        return {ok("delivery", "cron delivers what was left over")};
    }
    return {warning("delivery", "nothing delivers messages that could not leave at once",
                    "systemctl enable --now latchkey-outbox.timer latchkey-probe.timer; without "
                    "systemd: cp /usr/share/doc/latchkey/examples/cron /etc/cron.d/latchkey")};
}

Findings check_channels(const Host& host, bool allow_file_channel) {
    const auto settings = host.settings();
    if (!settings) {
        return {fault("settings", settings.error().detail,
                      "mend that line; recovery is off until then, logins work as before")};
    }
    Findings findings{ok("settings", "the configuration is understood")};
    for (const auto& [name, channel] : settings->channels) {
        findings.push_back(check_channel(host, name, channel, allow_file_channel));
        if (is_without_budget(*settings, name))
            findings.push_back(warning("channel." + name,
                                       "sends what costs money, as often as it is asked to",
                                       "write per_hour = 60 and per_day = 200 below [channel." +
                                           name + "] in /etc/latchkey/latchkey.toml"));
    }
    return findings;
}

Finding check_switch(const Host& host) {
    if (facts_of(host, kSwitchPath)) {
        return ok("switch", "recovery is on; to switch it off: rm /etc/latchkey/enabled");
    }
    return mended_by_setup(warning("switch", "recovery is switched off", "latchkey setup"));
}

}  // namespace latchkey::cli
