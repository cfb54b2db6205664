// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include "monitor/admin_desk.hpp"

namespace latchkey {

// What a verifier's explain_ways() says of an account, together with what only the root side knows
// (saved codes, passes, lockout, who can become root): `report` is account_report()'s row.
//
//   {"user", "eligible", "why_not", "privileged", "locked",
//    "console": {"proofs", "needed", "enough"}, "remote": the same,
//    "ways": as explain_ways() has them, saved codes and a pass as methods "saved" and "pass";
//            "rule" may also be "program_channels"}
[[nodiscard]] nlohmann::json explanation(const Settings& settings, const nlohmann::json& report,
                                         const nlohmann::json& answer);

// `latchkey explain USER`: one row, explanation(). Nothing is begun, sent, counted or changed.
void serve_explain(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk);

}  // namespace latchkey
