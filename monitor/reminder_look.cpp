// SPDX-License-Identifier: MIT
#include "monitor/reminder_look.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "core/masks.hpp"
#include "core/printable.hpp"
#include "monitor/account_reminders.hpp"
#include "monitor/paths.hpp"
#include "monitor/program_channels.hpp"

namespace latchkey {

using nlohmann::json;

WaysBack ways_back_in(const json& report, const Settings& settings) {
    WaysBack ways;
    ways.eligible = report.value("eligible", false);
    ways.privileged = report.value("privileged", true);
    ways.codes_left = report.value("saved_codes_left", std::uint32_t{0});
    ways.codes_wait = report.contains("saved_codes_from") && report["saved_codes_from"].is_string();
    ways.needed = ways.privileged ? std::max(settings.gates.remote, settings.gates.privileged)
                                  : settings.gates.remote;
    std::set<std::string> possessions;
    for (const json& method : report.value("methods", json::array())) {
        if (!is_way(settings, method.value("method", ""), ways.privileged)) continue;
        const bool stays = method.contains("gone_from") && method["gone_from"].is_null();
        if (stays && !method.value("expired", false))
            possessions.insert(method.value("possession", ""));
        // The verifier's word, which nobody reads without a look at it.
        const std::string destination = method.value("destination", "");
        if (method.value("confirm_due", false) && is_mask(destination))
            ways.to_confirm.push_back(destination);
    }
    ways.there = possessions.size() + (ways.codes_left > 0 || ways.codes_wait ? 1 : 0);
    return ways;
}

void have_next_sign_in_look(const Account& account, EventLog& log) {
    auto kept = AccountReminders{paths::kActs, subject_of(account), account.uid}.forget();
    if (!kept)
        log.record(Severity::Warning,
                   "cannot keep reminders why=" + in_quotes(kept.error().detail));
}

}  // namespace latchkey
