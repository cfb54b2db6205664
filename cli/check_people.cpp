// SPDX-License-Identifier: MIT
#include "cli/check_people.hpp"

#include <ctime>
#include <map>
#include <set>

#include "cli/account_status.hpp"

namespace latchkey::cli {

namespace {

constexpr std::chrono::minutes kLateDelivery{5};
constexpr std::size_t kNamesShown = 8;

// "2026-01-31T12:00:00Z", or nothing.
std::optional<TimePoint> point_of(const std::string& text) {
    std::tm parts{};
    const char* const end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return TimePoint{std::chrono::seconds{::timegm(&parts)}};
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < kNamesShown; ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    if (names.size() > kNamesShown) {
        text += " and " + std::to_string(names.size() - kNamesShown) + " more";
    }
    return text;
}

std::string counted(std::size_t count) {
    return count == 1 ? "1 person" : std::to_string(count) + " people";
}

Finding judge_outbox(const HostStatus& host, TimePoint now) {
    const auto due = point_of(host.outbox_oldest_due);
    if (due && now - *due > kLateDelivery) {
        return warning("outbox", "a message waits to be delivered since " + host.outbox_oldest_due,
                       "journalctl -t latchkey-verifier; is the mail server there?");
    }
    return ok("outbox", "no message waits");
}

// One for each; none where all is well, or where nobody knows.
Findings judge_channels(const HostStatus& host) {
    Findings findings;
    for (const ChannelTrouble& trouble : host.channels_in_trouble)
        findings.push_back(warning("channel." + trouble.channel,
                                   "would take no message since " + trouble.failing_since +
                                       "; a method without another channel is marked for everyone",
                                   "journalctl -t latchkey-verifier; is its service there?"));
    return findings;
}

// One for each method that reaches nobody who can become root.
Findings judge_methods(const std::vector<AccountStatus>& accounts) {
    std::map<std::string, std::vector<std::string>> unreached;  // by method
    for (const AccountStatus& account : accounts) {
        std::set<std::string> methods;
        for (const MethodStatus& method : account.methods)
            if (method.gets_nothing) methods.insert(method.method);
        for (const std::string& method : methods) unreached[method].push_back(account.user);
    }
    Findings findings;
    for (const auto& [method, names] : unreached)
        findings.push_back(fault("method." + method,
                                 "every channel of it runs a program, which gets no code and no "
                                 "notice of who can become root: " +
                                     listed(names),
                                 "add a channel of another profile to [method." + method + "]"));
    return findings;
}

Findings judge_accounts(const std::vector<AccountStatus>& accounts) {
    std::vector<std::string> enough;
    std::vector<std::string> too_few;
    std::vector<std::string> not_enrolled;
    std::vector<std::string> shut_out;  // enrolled, but recovery would refuse them
    for (const AccountStatus& account : accounts) {
        if (!account.is_eligible) {
            if (account.ways > 0) shut_out.push_back(account.user);
        } else if (account.ways == 0) {
            not_enrolled.push_back(account.user);
        } else {
            (account.is_short_of_ways ? too_few : enough).push_back(account.user);
        }
    }
    Findings findings;
    if (!enough.empty() || (too_few.empty() && not_enrolled.empty()))
        findings.push_back(ok("people", counted(enough.size()) + " can recover everywhere"));
    if (!too_few.empty()) {
        findings.push_back(warning(
            "people", counted(too_few.size()) + " would be one proof short: " + listed(too_few),
            "latchkey codes " + too_few.front() + " --new, or enroll a second way"));
    }
    if (!not_enrolled.empty()) {
        findings.push_back(warning(
            "people", counted(not_enrolled.size()) + " cannot recover: " + listed(not_enrolled),
            "latchkey enroll " + not_enrolled.front() + " email ADDRESS"));
    }
    if (!shut_out.empty()) {
        findings.push_back(warning("people",
                                   counted(shut_out.size()) +
                                       " enrolled, but locked, expired, without a password or a "
                                       "login shell: " +
                                       listed(shut_out),
                                   "latchkey status " + shut_out.front()));
    }
    return findings;
}

}  // namespace

Findings check_people(const MonitorCall& monitor, TimePoint now) {
    const MonitorAnswer answer = monitor(wire::AdminRequest{});
    if (answer.status != ExitStatus::Ok) {
        return {fault("monitor", answer.error, "mend the errors above first")};
    }
    const auto status = parse_status(answer.rows);
    if (!status) {
        return {fault("monitor", status.error().detail,
                      "install latchkey and libpam-latchkey of one version")};
    }
    Findings findings{ok("monitor", "the monitor answers")};
    if (status->host.store != "ok") {
        findings.push_back(fault("store", status->host.store,
                                 "look at /var/lib/latchkey: space, owner _latchkey, mode 0700"));
    } else {
        findings.push_back(ok("store", "the store can be opened"));
    }
    findings.push_back(judge_outbox(status->host, now));
    for (Finding& finding : judge_channels(status->host)) findings.push_back(std::move(finding));
    for (Finding& finding : judge_methods(status->accounts)) findings.push_back(std::move(finding));
    for (Finding& finding : judge_accounts(status->accounts)) {
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace latchkey::cli
