// SPDX-License-Identifier: MIT
#include "tests/support/host_tree.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "cli/check_files.hpp"
#include "cli/check_pam.hpp"
#include "cli/password_service.hpp"
#include "monitor/paths.hpp"

namespace latchkey {

namespace {

constexpr const char* kCommonAuth =
    "auth\t[success=1 default=ignore]\tpam_unix.so nullok\n"
    "auth\trequisite\t\t\tpam_deny.so\n"
    "auth\trequired\t\t\tpam_permit.so\n";
constexpr const char* kCommonPassword =
    "password\t[success=1 default=ignore]\tpam_unix.so obscure yescrypt\n"
    "password\trequisite\t\t\tpam_deny.so\n"
    "password\trequired\t\t\tpam_permit.so\n";
constexpr const char* kLogin =
    "auth       optional   pam_faildelay.so  delay=3000000\n"
    "auth       requisite  pam_nologin.so\n"
    "@include common-auth\n"
    "auth       optional   pam_group.so\n"
    "@include common-account\n@include common-session\n@include common-password\n";
constexpr const char* kSshd =
    "@include common-auth\naccount required pam_nologin.so\n"
    "@include common-account\n@include common-session\n@include common-password\n";

}  // namespace

HostTree::HostTree() {
    const std::string me = std::to_string(::geteuid());
    host_.root = directory_.path();
    host_.superuser = ::geteuid();
    host_.now = TimePoint{std::chrono::seconds{1'800'000'000}};
    host_.module_directory = "/usr/lib/security";
    host_.channel_directory = "/usr/lib/latchkey/channels";
    host_.program_directory = "/usr/libexec/latchkey";
    host_.run = [this](const cli::Arguments& arguments) -> Result<cli::CommandOutput> {
        commands.push_back(arguments);
        return run(arguments);
    };
    host_.make_key = [](const std::string& path) -> Result<void> {
        std::ofstream{path} << std::string(32, 'k');
        ::chmod(path.c_str(), 0400);
        return {};
    };
    host_.answers = [this](const std::string&) { return somebody_listens; };
    host_.settings = [this] { return settings; };
    monitor_ = [this](const wire::AdminRequest& request) { return answer(request); };

    // The channel user gets a uid of its own, the others are whoever runs the test.
    put("/etc/passwd",
        "root:x:" + me + ":0::/root:/bin/bash\n_latchkey:x:" + me +
            ":990::/:/usr/sbin/nologin\n_latchkey-channel:x:991:991::/:/bin/false\n");
    put("/etc/pam.d/common-auth", kCommonAuth);
    put("/etc/pam.d/common-password", kCommonPassword);
    for (const char* const name : {"common-account", "common-session"}) {
        put(std::string("/etc/pam.d/") + name, "");
    }
    put("/etc/pam.d/login", kLogin);
    put("/etc/pam.d/sshd", kSshd);
    put("/etc/pam.d/latchkey-enrol", "@include common-auth\n@include common-account\n");
    put("/etc/login.defs", "LOGIN_TIMEOUT\t\t180\n");
    put("/usr/sbin/sshd", "", 0755);
    put("/usr/sbin/faillock", "", 0755);
    put("/usr/share/pam-configs/latchkey", "Name: Latchkey\n");
    put("/proc/sys/kernel/seccomp/actions_avail", "kill_process\n");
    put("/etc/cron.d/latchkey", "");
    put("/usr/sbin/cron", "", 0755);
    for (const char* const program :
         {"latchkey-monitor", "latchkey-verifier", "latchkey-channel-host"}) {
        put(host_.program_directory + "/" + program, "", 0711);
    }
    for (const char* const module :
         {"pam_unix.so", "pam_deny.so", "pam_permit.so", "pam_latchkey.so"}) {
        install_module(module);
    }
    sshd_settings =
        "usepam yes\nlogingracetime 120\npasswordauthentication yes\n"
        "kbdinteractiveauthentication yes\nauthenticationmethods any\n";
    status_rows = {R"({"host":{"outbox_oldest_due":null,"store":"ok"}})"};
    for (const char* const directory : {"/var/lib", "/run"}) {
        std::filesystem::create_directories(host_.at(directory));
    }
    put_socket(paths::kUserSocket, 0666);
}

void HostTree::put(const std::string& path, std::string_view content, mode_t mode) {
    const std::filesystem::path full = host_.at(path);
    std::filesystem::create_directories(full.parent_path());
    std::filesystem::remove(full);
    std::ofstream{full, std::ios::binary} << content;
    ::chmod(full.c_str(), mode);
}

void HostTree::put_socket(const std::string& path, mode_t mode) {
    const std::filesystem::path full = host_.at(path);
    std::filesystem::create_directories(full.parent_path());
    std::filesystem::remove(full);
    if (::mknod(full.c_str(), S_IFSOCK | 0600, 0) != 0 || ::chmod(full.c_str(), mode) != 0)
        throw std::runtime_error("mknod " + path);
}

void HostTree::remove(const std::string& path) {
    std::filesystem::remove_all(host_.at(path));
}

void HostTree::mode(const std::string& path, mode_t mode) {
    if (::chmod(host_.at(path).c_str(), mode) != 0) throw std::runtime_error("chmod " + path);
}

std::string HostTree::content(const std::string& path) const {
    return content_of(host_.at(path));
}

bool HostTree::has(const std::string& path) const {
    return std::filesystem::exists(host_.at(path));
}

void HostTree::install_module(const std::string& name) {
    put(host_.module_directory + "/" + name, "");
}

void HostTree::set_up() {
    for (const cli::OwnedDirectory& wanted : cli::owned_directories()) {
        std::filesystem::create_directories(host_.at(wanted.path));
        mode(wanted.path, wanted.mode);
    }
    put(cli::kKeyPath, std::string(32, 'k'), 0400);
    put("/etc/pam.d/common-auth", std::string(cli::kAuthLine) + "\n" + kCommonAuth);
    put("/etc/pam.d/common-session", std::string(cli::kSessionLine) + "\n");
    put(cli::kPasswordServicePath, cli::password_service_text(cli::password_modules(host_)));
    put(cli::kSwitchPath, "");
}

cli::CommandOutput HostTree::run(const cli::Arguments& arguments) {
    if (arguments.front() == "/usr/sbin/sshd") return {0, sshd_settings, ""};
    if (arguments.front() == "/usr/sbin/pam-auth-update") {
        if (!common_auth_is_edited) {
            put("/etc/pam.d/common-auth",
                std::string(cli::kAuthLine) + "\n" + content("/etc/pam.d/common-auth"));
            put("/etc/pam.d/common-session", std::string(cli::kSessionLine) + "\n");
        }
        return {0, "", ""};
    }
    return {127, "", arguments.front() + ": not on this host\n"};
}

cli::MonitorAnswer HostTree::answer(const wire::AdminRequest& request) {
    asked.push_back(request);
    cli::MonitorAnswer answer;
    answer.status = cli::ExitStatus::Ok;
    for (const std::string& row : status_rows) answer.rows.emplace_back(std::string_view{row});
    return answer;
}

}  // namespace latchkey
