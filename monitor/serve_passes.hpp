// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include "monitor/admin_desk.hpp"

namespace latchkey {

[[nodiscard]] bool is_about_passes(wire::AdminVerb verb);

// Answers PassIssue, PassList and PassRevoke. Rows:
//
//   PassIssue    {"user", "id", "pass", "issued_at", "ends_at", "uses", "reason", "notices",
//                "privileged"}: the pass is shown once; "uses" is "once" or "many"
//   PassList     {"user", "id", "issued_at", "ends_at", "uses", "reason"} for each that is alive
//   PassRevoke   {"user", "revoked"}: how many
//
// A pass leaves only when its notices are queued and its record is in the audit log; where
// either fails it is revoked.
void serve_passes(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk);

// {"alive", "until"} of the account, for Status: how many, and when the last of them ends;
// "until" is null if there is none. {"error"} if that cannot be read.
[[nodiscard]] nlohmann::json pass_status(const Account& account, const Secret& master_key,
                                         TimePoint now);

}  // namespace latchkey
