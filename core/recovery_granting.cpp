// SPDX-License-Identifier: MIT
#include "core/recovery_granting.hpp"

#include <algorithm>
#include <utility>

#include "core/administrator_messages.hpp"
#include "core/administrators_mail.hpp"
#include "core/change_telling.hpp"
#include "core/codes.hpp"
#include "core/ending_changes.hpp"
#include "core/printable.hpp"
#include "core/recovery_sending.hpp"
#include "core/reminding.hpp"

namespace latchkey {

namespace {

// Long enough for a mail server that is away over a weekend.
constexpr std::chrono::hours kNoticeLifetime{72};
// A telephone rings each time, and not in the night after.
constexpr std::chrono::minutes kCallLifetime{30};

std::string_view name_of(Act act) {
    return act == Act::ChangePassword ? "change_password" : "clear_lockout";
}

std::string_view name_of(ActResult result) {
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
            return "ledger_full";
        case ActResult::Declined:
            return "declined";
        case ActResult::Failed:
            return "failed";
    }
    return "failed";
}

std::string circumstances(const RecoveryContext& recovery) {
    return "recovery=" + std::to_string(recovery.id) + " service=" + recovery.request.service +
           " source=" + recovery.request.source;
}

bool has_own_address(const RecoveryContext& recovery) {
    const auto& addresses = recovery.ways.addresses;
    return std::any_of(addresses.begin(), addresses.end(), [&](const StoredAddress& address) {
        return !goes_to_contact(recovery.settings, address.method.name);
    });
}

// A contact is told what came of a code, and of recoveries without one only where nobody else
// can be told.
bool is_told(const RecoveryContext& recovery, const Method& method) {
    return !goes_to_contact(recovery.settings, method.name) ||
           recovery.used.contains(method.contact_id) ||
           recovery.proven_before.contains(method.possession) || !has_own_address(recovery);
}

// A veto as of a change: what waits has none, unless there is nothing else. A contact has none.
bool may_deny(const RecoveryContext& recovery, const StoredAddress& address) {
    if (goes_to_contact(recovery.settings, address.method.name)) return false;
    const auto& all = recovery.ways.addresses;
    const auto counts_now = [&](const StoredAddress& each) {
        return counts(each.row, recovery.now()) &&
               !has_expired(each.row, recovery.settings.security_info, recovery.now());
    };
    const bool any_counts = std::any_of(all.begin(), all.end(), [&](const StoredAddress& each) {
        return !goes_to_contact(recovery.settings, each.method.name) && counts_now(each);
    });
    return counts_now(address) || !any_counts;
}

// For the notices alone: what cannot be looked at is not told, and keeps nobody out.
RecentlyChanged changed_lately(const RecoveryContext& recovery) {
    RecentlyChanged changed;
    if (const auto seen = recovery.ports.acts.look_for_changes())
        changed = *seen;
    else
        recovery.log(Severity::Warning, "cannot look for changes",
                     "why=" + in_quotes(seen.error().detail));
    const auto changes =
        recovery.ports.store.changes(recovery.request.subject, recovery.now() - kRecently);
    if (!changes) {
        recovery.log(Severity::Warning, "cannot read changes",
                     "why=" + in_quotes(changes.error().detail));
        return changed;
    }
    changed.ways =
        changed.ways || std::any_of(changes->begin(), changes->end(), [](const Change& each) {
            return is_of_ways(each.kind) && each.ended_at == TimePoint{};
        });
    return changed;
}

void tell(const RecoveryContext& recovery, const StoredAddress& address, const MessageFacts& facts,
          Grant& grant) {
    const Method& method = address.method;
    Vault& vault = recovery.ports.vault;
    const Secret code = may_deny(recovery, address) ? fresh_veto_code(vault) : Secret{};
    if (!code.empty())
        grant.vetoes.push_back(
            {address.row.id,
             veto_digest(vault, recovery.request.subkey, recovery.request.subject, code.reveal())});
    grant.notices.push_back(
        sealed_row(recovery, address, OutboxPurpose::Notice,
                   goes_to_contact(recovery.settings, method.name) ? contact_notice_message(facts)
                                                                   : notice_message(facts, code),
                   recovery.now() + lifetime_of_notice(recovery.settings, method.name)));
}

// The recovery is granted, whatever becomes of this.
void keep_ways(const RecoveryContext& recovery) {
    const auto& addresses = recovery.ways.addresses;
    const bool stays = std::any_of(addresses.begin(), addresses.end(), [&](const auto& each) {
        return counts(each.row, recovery.now()) && each.row.gone_from == TimePoint{} &&
               !has_expired(each.row, recovery.settings.security_info, recovery.now());
    });
    if (!recovery.is_by_own_way || stays) return;
    const ChangeRequest wish;
    ChangeContext change{wish,
                         RecoveryContext{recovery.request, recovery.settings, recovery.ports, {}},
                         {},
                         nullptr};
    auto kept = keep_old_ways(change, UsedFor::Recovery);
    auto told = kept && kept->ends_codes ? recovery.ports.acts.end_waiting_codes() : Result<void>{};
    if (!kept || !told)
        recovery.log(Severity::Alarm, "cannot keep the ways of before",
                     "why=" + in_quotes((kept ? told.error() : kept.error()).detail));
}

}  // namespace

std::chrono::seconds lifetime_of_notice(const Settings& settings, const std::string& method) {
    const auto found = settings.methods.find(method);
    const bool calls = found != settings.methods.end() && found->second.medium == Medium::Call;
    return calls ? std::chrono::seconds{kCallLifetime} : kNoticeLifetime;
}

Result<void> spend_grant(const RecoveryContext& recovery) {
    MessageFacts facts = recovery.facts();
    facts.changed = changed_lately(recovery);
    const TimePoint now = recovery.now();
    const Act act =
        recovery.reason == Reason::ForgotPassword ? Act::ChangePassword : Act::ClearLockout;
    Grant grant{recovery.id,
                recovery.request.lease,
                {},
                "granted",
                "act=" + std::string{name_of(act)} + ' ' + circumstances(recovery),
                now,
                now - recovery.settings.grant_lifetime};
    for (const StoredAddress& address : recovery.ways.addresses)
        if (is_told(recovery, address.method)) tell(recovery, address, facts, grant);
    if (recovery.request.privileged)
        for (OutboxRow& row : notices_to_administrators(
                 recovery, [&] { return administrator_recovery_message(recovery.facts()); }))
            grant.notices.push_back(std::move(row));
    const auto spent = recovery.ports.store.spend_grant(grant);
    if (!spent) return Error{spent.error()}.within("spend grant");
    if (!*spent) return Error{ErrorKind::Rejected, "the store gives no grant"};
    recovery.log(
        Severity::Info, "recovery granted",
        "act=" + std::string{name_of(act)} + " notices=" + std::to_string(grant.notices.size()));
    keep_ways(recovery);
    recovery.ports.channels.send_due();
    return {};
}

Result<ActResult> perform(const RecoveryContext& recovery, Act act) {
    const auto result = recovery.ports.acts.perform(act);
    const std::string_view word = result ? name_of(*result) : "unknown";
    auto recorded = recovery.ports.store.append_audit(
        {recovery.now(), "acted", recovery.request.subject,
         "act=" + std::string{name_of(act)} + " result=" + std::string{word} + ' ' +
             circumstances(recovery)});
    recovery.log(Severity::Info, "acted",
                 "act=" + std::string{name_of(act)} + " result=" + std::string{word});
    if (!result) return Error{result.error()}.within("perform");
    if (!recorded) return std::move(recorded).error().within("append audit record");
    return *result;
}

}  // namespace latchkey
