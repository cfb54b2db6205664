// SPDX-License-Identifier: MIT
//
// One conversation from the answered reason to its outcome: executes what the
// flow (core/recovery_flow.hpp) decides, through ports.
#pragma once

#include <cstdint>
#include <string>

#include "core/ports/acts.hpp"
#include "core/ports/channels.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/conversation.hpp"
#include "core/ports/event_log.hpp"
#include "core/ports/store.hpp"
#include "core/ports/vault.hpp"
#include "core/recovery.hpp"
#include "core/secret.hpp"
#include "core/settings.hpp"

namespace latchkey {

// What the root side says about the claimant's wish. Nothing of it was chosen by
// the claimant except `reason`, `resume_code` and, for a bucket, nothing else.
struct RecoveryRequest {
    SubjectKey subject;
    bool deliverable = false;  // false: same screens and same work, but nothing is ever sent
    bool privileged = false;   // can become root: one of the gates is a saved code
    bool has_saved_codes = false;
    bool has_pass = false;  // a temporary pass is alive
    Secret subkey;          // of this subject, Vault::kKeyBytes long
    Surface surface = Surface::Remote;
    std::uint32_t gates_needed = 2;
    std::string account_name;  // empty for a bucket
    std::string host_name;
    std::string service;
    std::string source;  // numeric address, or "console:tty1"
    Reason reason = Reason::ForgotPassword;
    std::string resume_code;  // as it was typed; empty: a new recovery
    std::string lease;        // names this connection and no other
};

// Everything the recovery touches. The referenced objects outlive the call.
struct RecoveryPorts {
    Store& store;
    Vault& vault;
    Channels& channels;
    Conversation& conversation;
    Acts& acts;
    const Clock& clock;
    EventLog& log;
};

struct RecoveryEnd {
    Outcome outcome = Outcome::Refused;
    // What decided it: "limit=wrong_per_day", "proof=wrong". For the audit log, never
    // for the claimant; empty if nothing was refused.
    std::string rule;
    bool is_by_own_way = false;  // one of the account's ways was proven, and not a pass alone
};

// Holds the whole conversation and returns how it ended. Returns when the act is
// done, the claimant is gone, or anything at all failed: what failed is in the
// log, and the outcome is then Refused. Never throws for a port's failure.
[[nodiscard]] RecoveryEnd run_recovery(const RecoveryRequest& request, const Settings& settings,
                                       RecoveryPorts ports);

}  // namespace latchkey
