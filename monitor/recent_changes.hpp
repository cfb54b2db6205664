// SPDX-License-Identifier: MIT
//
// What changed in an account shortly before it was recovered: a thief may have left
// something that opens it again. Times of change alone: no file is read, no link followed.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/recovery.hpp"
#include "core/result.hpp"
#include "monitor/account.hpp"
#include "monitor/audit_log.hpp"
#include "monitor/home_look.hpp"

namespace latchkey {

struct RecentChanges {
    // "authorized_keys", "authorized_keys2", ".ssh" (a link in its place), "crontab",
    // "security info (email, totp)"; in this order.
    std::vector<std::string> what;
    // The same for a verifier and a notice.
    RecentlyChanged kinds;
    // The home could be looked at: not on a disk that does not answer, nor behind a link.
    bool saw_home = false;
};

struct PlacesOfChange {
    std::string crontabs = "/var/spool/cron/crontabs";
    std::chrono::milliseconds patience = kLookingAtHome;
};

// Since kRecently before `now`, as the time of change of inodes tells, which nobody but
// root sets back. `audit` has the enrolments.
[[nodiscard]] RecentChanges recent_changes(const Account& account, const AuditLog& audit,
                                           TimePoint now, const PlacesOfChange& places = {});
// The same, where one patience is for several looks: what this one took is gone from it.
[[nodiscard]] RecentChanges look_within(std::chrono::milliseconds& patience, const Account& account,
                                        const AuditLog& audit, TimePoint now,
                                        PlacesOfChange places = {});

}  // namespace latchkey
