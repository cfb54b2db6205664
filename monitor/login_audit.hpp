// SPDX-License-Identifier: MIT
//
// What the audit log keeps of a login: one record before each act and one
// after it, one at the end of every conversation. The rule that decided is written here and shown
// nowhere.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "monitor/audit_log.hpp"
#include "monitor/login_session.hpp"
#include "monitor/temporary_passes.hpp"

namespace latchkey {

// The account's name, or the keyed hash of a name that is none: people type
// passwords where a name is asked for.
[[nodiscard]] std::string audited_name(const std::string& typed, bool is_account,
                                       const Secret& audit_key);

// "email,saved" of {"email:example.org", "saved"}: the address is nobody's business here.
[[nodiscard]] std::string kinds_of(const std::set<std::string>& proofs);

// False: it is not on disk, so there may be no act.
[[nodiscard]] bool audit_act(const LoginSession& session, const std::set<std::string>& proofs,
                             Act act, const Clock& clock, EventLog& log);

// What followed an act that was done: of the account's sessions, and what had changed in it.
struct AuditedAftermath {
    std::string sessions;
    std::string changes;
};
void audit_after_act(const LoginSession& session, const std::set<std::string>& proofs,
                     AuditedAftermath aftermath, const Clock& clock, EventLog& log);

struct AuditedEnd {
    Outcome outcome = Outcome::Refused;
    bool left = false;  // the person is gone
    std::set<std::string> proofs;
    std::string_view rule;  // the verifier's or the relay's word
};
void audit_end(const LoginSession& session, const AuditedEnd& end, const Clock& clock,
               EventLog& log);

// A temporary pass was right. Nothing is proven by the record, so the login goes on if it
// cannot be written: then there is no act.
void audit_pass_use(const LoginSession& session, const TemporaryPass& pass, const Clock& clock,
                    EventLog& log);
// A veto was typed at this login, and the verifier found it right.
void audit_veto(const LoginSession& session, bool ends_codes, const Clock& clock, EventLog& log);
// What a record tells of a pass: "id=2 once until=2026-11-24T03:45:11Z reason=\"TEXT\"".
[[nodiscard]] std::string rule_text(const TemporaryPass& pass);

// A login that was not served, so that little is known of it.
void audit_unserved(const wire::LoginHello& hello, std::string_view rule, const Clock& clock,
                    EventLog& log);

[[nodiscard]] std::string_view word_for(Act act);
[[nodiscard]] std::string_view word_for(ActResult result);

}  // namespace latchkey
