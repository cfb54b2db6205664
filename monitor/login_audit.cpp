// SPDX-License-Identifier: MIT
#include "monitor/login_audit.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "core/printable.hpp"
#include "monitor/account.hpp"
#include "monitor/keys.hpp"
#include "monitor/paths.hpp"
#include "monitor/row_text.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLongestRule = 64;
constexpr std::size_t kLongestChanges = 200;

std::string_view word_for(Outcome outcome) {
    switch (outcome) {
        case Outcome::Refused:
            return "refused";
        case Outcome::Recovered:
            return "recovered";
        case Outcome::Unlocked:
            return "unlocked";
        case Outcome::NothingWasLocked:
            return "nothing_was_locked";
        case Outcome::Back:
            return "back";
        case Outcome::ResumeUnknown:
            return "resume_unknown";
        case Outcome::WhomToAsk:
            return "whom_to_ask";
        case Outcome::Proven:
            return "proven";
    }
    return "refused";
}

AuditEntry entry_of(const LoginSession& session, const std::set<std::string>& proofs,
                    const Clock& clock) {
    AuditEntry entry;
    entry.at = clock.now();
    entry.who = audited_name(session.hello.user, session.account.has_value(),
                             audit_key(session.master_key));
    entry.service = session.hello.service.substr(0, kLongestService);
    entry.source = session.source;
    entry.gates = std::to_string(proofs.size()) + '/' + std::to_string(session.gates_needed());
    entry.proofs = kinds_of(proofs);
    return entry;
}

// Names that cannot be recovered never count as proven, whatever a verifier says.
AuditCause cause_of(const LoginSession& session, const std::set<std::string>& proofs) {
    return session.eligible && !proofs.empty() ? AuditCause::Proven : AuditCause::Stranger;
}

bool is_act(Outcome outcome) {
    return outcome == Outcome::Recovered || outcome == Outcome::Unlocked ||
           outcome == Outcome::NothingWasLocked;
}

// That a name is none, or an account no candidate, decided before anything that
// came after it.
std::string rule_of(const LoginSession& session, const AuditedEnd& end, const AuditEntry& entry) {
    if (!session.account) return "unknown_name";
    if (!session.eligible) return "ineligible=" + session.why_not;
    if (is_act(end.outcome)) return "gates=" + entry.gates;
    return std::string{end.rule.substr(0, kLongestRule)};
}

void append(const Secret& key, const AuditEntry& entry, AuditCause cause, EventLog& log) {
    AuditLog audit{paths::kActs, key.duplicate()};
    (void)record_audit(audit, entry, cause, log);
}

}  // namespace

std::string kinds_of(const std::set<std::string>& proofs) {
    std::string kinds;
    for (const std::string& possession : proofs) {
        if (!kinds.empty()) kinds += ',';
        kinds += possession.substr(0, std::min(possession.find(':'), std::size_t{16}));
    }
    return kinds;
}

std::string audited_name(const std::string& typed, bool is_account, const Secret& audit_key) {
    if (is_account) return typed;
    const Digest digest = SodiumVault{}.digest(audit_key, "name", typed);
    std::array<char, 10> text{};
    std::snprintf(text.data(), text.size(), "#%02x%02x%02x%02x", digest[0], digest[1], digest[2],
                  digest[3]);
    return text.data();
}

bool audit_act(const LoginSession& session, const std::set<std::string>& proofs, Act act,
               const Clock& clock, EventLog& log) {
    AuditEntry entry = entry_of(session, proofs, clock);
    entry.event = "act";
    entry.outcome = "begun";
    entry.rule = word_for(act);
    AuditLog audit{paths::kActs, audit_key(session.master_key)};
    return record_audit(audit, entry, cause_of(session, proofs), log);
}

void audit_after_act(const LoginSession& session, const std::set<std::string>& proofs,
                     AuditedAftermath aftermath, const Clock& clock, EventLog& log) {
    AuditEntry entry = entry_of(session, proofs, clock);
    entry.event = "after_act";
    entry.outcome = std::move(aftermath.sessions);
    entry.rule = aftermath.changes.substr(0, kLongestChanges);
    append(audit_key(session.master_key), entry, cause_of(session, proofs), log);
}

void audit_end(const LoginSession& session, const AuditedEnd& end, const Clock& clock,
               EventLog& log) {
    AuditEntry entry = entry_of(session, end.proofs, clock);
    entry.event = "recovery";
    entry.outcome = end.left && !is_act(end.outcome) ? "left" : word_for(end.outcome);
    entry.rule = rule_of(session, end, entry);
    append(audit_key(session.master_key), entry, cause_of(session, end.proofs), log);
}

void audit_pass_use(const LoginSession& session, const TemporaryPass& pass, const Clock& clock,
                    EventLog& log) {
    AuditEntry entry = entry_of(session, {}, clock);
    entry.event = "pass";
    entry.outcome = "used";
    entry.gates.clear();
    entry.rule = rule_text(pass);
    append(audit_key(session.master_key), entry, AuditCause::Proven, log);
}

void audit_veto(const LoginSession& session, bool ends_codes, const Clock& clock, EventLog& log) {
    AuditEntry entry = entry_of(session, {}, clock);
    entry.event = "change";
    entry.outcome = "done";
    entry.gates.clear();
    entry.rule = ends_codes ? "denied saved codes" : "denied";
    // Nobody causes it without a code that was right.
    append(audit_key(session.master_key), entry, AuditCause::Proven, log);
}

std::string rule_text(const TemporaryPass& pass) {
    return "id=" + std::to_string(pass.id) + (pass.is_for_once ? " once" : " many") +
           " until=" + iso_text(pass.ends_at) + " reason=" + in_quotes(pass.reason);
}

void audit_unserved(const wire::LoginHello& hello, std::string_view rule, const Clock& clock,
                    EventLog& log) {
    const auto master_key = read_master_key(paths::kMasterKey);
    if (!master_key) return;  // recovery is off, which is logged where it is found
    const Secret key = audit_key(*master_key);
    AuditEntry entry;
    entry.at = clock.now();
    entry.event = "recovery";
    entry.who = audited_name(hello.user, find_local_account(hello.user).has_value(), key);
    entry.service = hello.service.substr(0, kLongestService);
    entry.source = source_of(hello);
    entry.outcome = word_for(Outcome::Refused);
    entry.rule = rule;
    append(key, entry, AuditCause::Stranger, log);
}

std::string_view word_for(Act act) {
    return act == Act::ChangePassword ? "change_password" : "clear_lockout";
}

std::string_view word_for(ActResult result) {
    switch (result) {
        case ActResult::Done:
            return "done";
        case ActResult::NothingWasLocked:
            return "nothing_was_locked";
        case ActResult::HeldByAdministrator:
            return "held_by_administrator";
        case ActResult::RefusedByPolicy:
            return "refused_by_policy";
        case ActResult::NotEligible:
            return "not_eligible";
        case ActResult::InPart:
            return "in_part";
        case ActResult::LedgerFull:
            return "limit_of_acts";
        case ActResult::Declined:
            return "declined";
        case ActResult::Failed:
            return "failed";
    }
    return "failed";
}

}  // namespace latchkey
