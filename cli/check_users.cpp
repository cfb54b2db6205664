// SPDX-License-Identifier: MIT
#include "cli/check_users.hpp"

#include <string>

#include "monitor/paths.hpp"

namespace latchkey::cli {

namespace {

constexpr const char* kEnrolService = "/etc/pam.d/latchkey-enrol";
constexpr mode_t kEverybody = 0666;

// What starts the root side for users, as this host starts things.
std::string start_listening(const Host& host) {
    if (facts_of(host, "/run/systemd/system"))
        return "systemctl enable latchkey-user.socket; systemctl restart latchkey-user.socket";
    return "cp /usr/share/doc/latchkey/examples/cron /etc/cron.d/latchkey, which starts it at "
           "boot; now, as root in the background: " +
           host.program_directory + "/latchkey-monitor --listen";
}

// Empty: users reach the root side.
std::string fault_of_socket(const Host& host) {
    const std::string path = paths::kUserSocket;
    const auto facts = facts_of(host, path);
    if (!facts) return path + " is missing";
    if (facts->type != FileType::Socket) return path + " is not a socket";
    if (facts->owner != host.superuser) return path + " does not belong to root";
    if (facts->mode != kEverybody) return path + " has a mode other than 0666";
    if (!host.answers(path)) return "nobody listens at " + path;
    return {};
}

}  // namespace

Findings check_users(const Host& host) {
    const auto settings = host.settings();
    const bool is_needed = settings && settings->security_info.registration != Registration::Off;
    Findings findings;
    const auto found = [&](const std::string& what, const std::string& mend) {
        const std::string text =
            what + ", so users cannot set up or change how they get back in themselves";
        findings.push_back(is_needed ? fault("users", text, mend) : warning("users", text, mend));
    };
    if (const std::string wrong = fault_of_socket(host); !wrong.empty())
        found(wrong, start_listening(host));
    const auto service = facts_of(host, kEnrolService);
    if (!service || (service->type != FileType::Regular && service->type != FileType::Link))
        found(std::string("the PAM service ") + kEnrolService + " is missing",
              "apt-get install --reinstall -o Dpkg::Options::=--force-confmiss latchkey");
    if (findings.empty())
        findings.push_back(ok("users", "users can set up themselves how they get back in"));
    return findings;
}

}  // namespace latchkey::cli
