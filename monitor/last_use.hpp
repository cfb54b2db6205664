// SPDX-License-Identifier: MIT
//
// When accounts were last recovered or unlocked with latchkey, as the root side's audit log
// tells it: neither their owners nor a verifier can write there.
#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "core/result.hpp"
#include "monitor/audit_log.hpp"

namespace latchkey {

struct LastUse {
    TimePoint at{};
    std::string service;
    std::string outcome;  // "recovered" or "unlocked"
};

// By the account's name. Who is not in it has not used latchkey since the log began.
using LastUses = std::map<std::string, LastUse>;
[[nodiscard]] Result<LastUses> last_uses_in(const AuditLog& audit);

// {"at", "service", "outcome"}, null for never, or {"error"} where the log cannot be read.
[[nodiscard]] nlohmann::json last_use_of(const std::string& account, const Result<LastUses>& uses);

}  // namespace latchkey
