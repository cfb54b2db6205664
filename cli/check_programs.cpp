// SPDX-License-Identifier: MIT
#include "cli/check_programs.hpp"

#include <algorithm>
#include <sstream>

#include "monitor/paths.hpp"

namespace latchkey::cli {

namespace {

// A service that runs for a user what he hands it: its command, its lists in /etc, and whether
// it serves whom neither list decides about (Debian's crontab(1) and at(1)).
struct JobService {
    const char* command;
    const char* name;
    bool serves_everybody;
};
constexpr JobService kJobServices[]{{"/usr/bin/crontab", "cron", true},
                                    {"/usr/bin/at", "at", false}};

bool lists(const std::string& text, const std::string& user) {
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.pop_back();
        if (line == user) return true;
    }
    return false;
}

Findings check_jobs(const Host& host, const JobService& service, const std::string& channel) {
    if (!facts_of(host, service.command)) return {};
    const std::string user = paths::kChannelUser;
    const std::string list = std::string{"/etc/"} + service.name;
    const auto allowed = read_text(host, list + ".allow");
    const auto denied = read_text(host, list + ".deny");
    const bool serves = allowed  ? lists(*allowed, user)
                        : denied ? !lists(*denied, user)
                                 : service.serves_everybody;
    if (!serves) return {};
    return {warning("channel." + channel,
                    std::string{"what it runs can leave jobs to "} + service.name +
                        ", which nobody ends at the deadline",
                    allowed ? "remove " + user + " from " + list + ".allow"
                            : "echo " + user + " >> " + list + ".deny")};
}

}  // namespace

Findings check_programs(const Host& host) {
    const auto settings = host.settings();
    if (!settings) return {};  // said before
    const auto program =
        std::find_if(settings->channels.begin(), settings->channels.end(),
                     [](const auto& each) { return each.second.profile == Profile::Program; });
    if (program == settings->channels.end()) return {};
    Findings findings;
    for (const JobService& service : kJobServices)
        for (Finding& finding : check_jobs(host, service, program->first))
            findings.push_back(std::move(finding));
    return findings;
}

}  // namespace latchkey::cli
