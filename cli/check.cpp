// SPDX-License-Identifier: MIT
#include "cli/check.hpp"

#include <algorithm>

#include "cli/check_files.hpp"
#include "cli/check_login.hpp"
#include "cli/check_mail.hpp"
#include "cli/check_pam.hpp"
#include "cli/check_people.hpp"
#include "cli/check_programs.hpp"
#include "cli/check_session.hpp"
#include "cli/check_sudo.hpp"
#include "cli/check_users.hpp"

namespace latchkey::cli {

Findings check_host(const Host& host, const MonitorCall& monitor, const CheckOptions& options) {
    Findings all;
    const auto add = [&all](Findings findings) {
        for (Finding& finding : findings) all.push_back(std::move(finding));
    };
    const std::vector<ServiceStack> stacks = served_stacks(host);
    add(check_installation(host));
    add(check_auth_stacks(host, stacks));
    add(check_session_stacks(host, stacks));
    add(check_password_service(host));
    add(check_sshd(host));
    add(check_login_timeout(host));
    add(check_faillock(host, stacks));
    add(check_permissions(host));
    add(check_channels(host, options.allow_file_channel));
    add(check_programs(host));
    add(check_own_mail(host));
    add(check_administrator_mail(host));
    add(check_sudo(host));
    add(check_kernel(host));
    add(check_delivery(host));
    add(check_users(host));
    // Without key and configuration the monitor has nothing to say that was not said.
    const bool has_key = facts_of(host, kKeyPath).has_value();
    if (options.ask_monitor && has_key && host.settings()) add(check_people(monitor, host.now));
    add({check_switch(host)});
    return all;
}

std::size_t count(const Findings& findings, Level level) {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [level](const Finding& finding) { return finding.level == level; }));
}

}  // namespace latchkey::cli
