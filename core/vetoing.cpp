// SPDX-License-Identifier: MIT
#include "core/vetoing.hpp"

#include <algorithm>

#include "core/administrator_messages.hpp"
#include "core/administrators_mail.hpp"
#include "core/answers.hpp"
#include "core/change_rows.hpp"
#include "core/change_telling.hpp"
#include "core/ending_changes.hpp"

namespace latchkey {

namespace {

constexpr const char* kNoCode = "that code is not one, or its time is over";

bool was_frozen_lately(const std::vector<Change>& changes, TimePoint now) {
    return std::any_of(changes.begin(), changes.end(), [now](const Change& each) {
        return each.kind == ChangeKind::Frozen && each.at > now - kVetoesRemembered;
    });
}

// What whoever was told may end of it. Whoever holds one address must not be able to keep for
// ever what its owner removes, nor end the removal of that address by a detour; what is new is
// ended as often as anybody who was told says so.
bool may_end(const ChangeContext& change, const FoundVeto& found, const Change& ended) {
    if (!is_removal(ended.kind)) return true;
    const bool is_own = ended.kind == ChangeKind::RemovedContact &&
                        change.is_one_address(ended.contact, found.told);
    return !is_own && !found.used_lately;
}

// A change ends; behind an event everything that was changed since. The event itself stays, so
// that everybody who was told can say what they know of it.
Result<bool> end(const ChangeContext& change, const FoundVeto& found,
                 const std::vector<Change>& changes, UsedVeto& used) {
    bool ends_codes = false;
    const auto end_one = [&](const Change& ended) -> Result<void> {
        ends_codes = ends_codes || ended.kind == ChangeKind::NewSavedCodes ||
                     ended.kind == ChangeKind::Forgotten;
        used.changes.push_back(ended);
        return give_back(change, ended, used);
    };
    used.ends_change = false;
    for (const Change& each : changes) {
        const bool is_meant = is_event(found.change.kind)
                                  ? is_of_ways(each.kind) && each.at >= found.change.at
                                  : each.id == found.change.id;
        if (!is_meant || !stands(each, change.now()) || !may_end(change, found, each)) continue;
        if (auto ended = end_one(each); !ended) return std::move(ended).error();
    }
    return ends_codes;
}

// They need time for it, and meanwhile it stays: until when, 1970 if it has gone, or stays for
// good.
Result<TimePoint> leave_to_administrators(const ChangeContext& change, const Change& removal,
                                          UsedVeto& used) {
    const TimePoint gone_from = removal.final_at + kVetoesRemembered;
    const TimePoint before = lets_go_until(change, removal);
    if (auto put = let_go_later(change, removal, gone_from, used); !put)
        return std::move(put).error();
    // Neither of what somebody has decided already, nor again for each address that says so.
    if (before == TimePoint{} || before >= gone_from) return before;
    const ChangeFacts facts = facts_about(change, removal.kind, removal.method,
                                          change.address_with(removal.contact), removal.final_at);
    used.notices = notices_to_administrators(change.recovery, [&] {
        return undecided_removal_message(change.recovery.facts(), facts, removal.method, gone_from);
    });
    return gone_from;
}

void append(std::vector<OutboxRow>& notices, std::vector<OutboxRow> more) {
    for (OutboxRow& row : more) notices.push_back(std::move(row));
}

std::string detail_of(const ChangeContext& change, const FoundVeto& found, const UsedVeto& used) {
    const std::string what = is_event(found.change.kind) ? "denied"
                             : used.changes.empty()      ? "second_veto"
                                                         : "undone";
    return what + " change=" + std::to_string(found.change.id) + " method=" + found.change.method +
           " ended=" + std::to_string(used.changes.size()) + (used.freezes ? " frozen" : "") +
           (used.ends_recoveries ? " recoveries_ended" : "") + change.circumstances();
}

// The same sentence for every code that was right, so that the log can be searched for it.
void log_veto(const ChangeContext& change, const FoundVeto& found, const UsedVeto& used) {
    const bool denied = is_event(found.change.kind);
    const std::string more = "change=" + std::to_string(found.change.id) +
                             " ended=" + std::to_string(used.changes.size());
    if (denied)
        change.recovery.log(Severity::Alarm,
                            found.change.kind == ChangeKind::Pass ? "pass denied by who was told"
                            : found.change.kind == ChangeKind::Unlock
                                ? "unlock denied by who was told"
                                : "recovery denied by who was told",
                            more);
    else
        change.recovery.log(found.used_lately ? Severity::Alarm : Severity::Info,
                            found.used_lately ? "second veto of one address" : "change vetoed",
                            more);
}

Result<ChangeEnd> veto(ChangeContext& change, const FoundVeto& found) {
    const auto changes = change.ports().store.changes(change.subject(), {});
    if (!changes) return Error{changes.error()}.within("read changes");
    const bool denied = is_event(found.change.kind);
    UsedVeto used;
    used.subject = change.subject();
    used.change = found.change;
    used.told = found.told;
    used.now = change.now();
    const auto ends_codes = end(change, found, *changes, used);
    if (!ends_codes) return Error{ends_codes.error()};
    const bool is_decided = !denied && used.changes.empty();
    Result<TimePoint> counts_until = found.change.final_at;
    if (is_decided) counts_until = leave_to_administrators(change, found.change, used);
    if (!counts_until) return std::move(counts_until).error();
    // What ends recoveries and stops changes, one address does once: its holder may be a thief,
    // who gets a code with each recovery.
    used.ends_recoveries = denied && !found.used_lately;
    used.freezes = (used.ends_recoveries || !used.changes.empty()) &&
                   !was_frozen_lately(*changes, change.now());
    ChangeFacts facts = facts_about(change, found.change.kind, found.change.method,
                                    change.address_with(found.change.contact), *counts_until);
    facts.freezes = used.freezes;
    facts.ends_nothing = !used.ends_recoveries && used.changes.empty();
    // Whatever it did: every code tells everybody, once.
    append(used.notices, tell_veto(change, facts, found.change.contact));
    used.audit_detail = detail_of(change, found, used);
    const auto first = change.ports().store.use_veto(used);
    if (!first) return Error{first.error()}.within("use veto");
    if (!*first) return not_changed(kNoCode);
    change.ports().channels.send_due();
    log_veto(change, found, used);
    ChangeEnd end;
    if (is_decided) {
        end = not_changed(
            "this address has undone a change within 30 days, so the administrator decides about "
            "this removal, which waits for 30 days more; ask there");
        end.veto = VetoEnd::Administrators;
        return end;
    }
    end.done = true;
    end.destination = facts.destination;
    end.told = static_cast<std::uint32_t>(used.notices.size());
    end.ends_codes = *ends_codes;
    end.veto = denied ? VetoEnd::Denied : VetoEnd::Undone;
    return end;
}

}  // namespace

Result<ChangeEnd> end_by_code(ChangeContext& change, std::string_view code) {
    const auto charge =
        change.recovery.charge(change.recovery.attempt(AttemptKind::Resume, change.subject()));
    if (!charge) return Error{charge.error()}.within("charge veto");
    if (!charge->allowed) return not_changed("too many wrong codes; try again in an hour");
    const Digest digest =
        veto_digest(change.ports().vault, change.recovery.request.subkey, change.subject(), code);
    const auto found = change.ports().store.find_veto(change.subject(), digest, change.now());
    if (!found) return Error{found.error()}.within("find veto");
    const auto result = *found ? AttemptResult::Right : AttemptResult::Wrong;
    if (auto settled = change.ports().store.settle_attempt(charge->id, result); !settled)
        return std::move(settled).error().within("settle veto");
    if (!*found) return not_changed(kNoCode);
    if (auto loaded = load(change); !loaded) return std::move(loaded).error();
    return veto(change, **found);
}

namespace {

bool was_denied(const std::vector<Change>& changes, TimePoint since) {
    return std::any_of(changes.begin(), changes.end(), [since](const Change& each) {
        return each.kind == ChangeKind::Denied && each.at > since;
    });
}

// Time for whoever was told; it does not keep the owner from changing anything. What goes gains
// its day once, and none behind a veto: whoever knows the password could keep their own address
// for ever with one each day.
Result<ChangeEnd> stand_still(ChangeContext& change) {
    const TimePoint now = change.now();
    if (auto loaded = load(change); !loaded) return std::move(loaded).error();
    const auto changes = change.ports().store.changes(change.subject(), {});
    if (!changes) return Error{changes.error()}.within("read changes");
    if (was_denied(*changes, now - kFrozen))
        return not_changed(
            "that was said within a day already; type the code of a message, or "
            "remove what is not yours");
    const bool keeps_what_goes =
        !was_denied(*changes, now - kVetoesRemembered) && !was_frozen_lately(*changes, now);
    auto rows = moved(change, [now, keeps_what_goes](CountingTime time, std::int64_t) {
        if (time.usable_from > now) time.usable_from += kFrozen;
        if (time.gone_from > now && keeps_what_goes) time.gone_from += kFrozen;
        return time;
    });
    if (!rows) return std::move(rows).error();
    RecordedChange recorded;
    recorded.subject = change.subject();
    recorded.change = {0, ChangeKind::Denied, {}, 0, now, now, now};
    recorded.contacts = std::move(rows->contacts);
    recorded.authenticators = std::move(rows->authenticators);
    recorded.denied_from = change.recovery.request.source;
    recorded.notices = tell_denied(change, keeps_what_goes);
    recorded.audit_event = "denied";
    recorded.audit_detail = "by=owner postponed" + change.circumstances();
    auto kept = change.ports().store.record_change(recorded);
    if (!kept) return std::move(kept).error().within("record change");
    change.ports().channels.send_due();
    change.recovery.log(Severity::Alarm, "denied by its owner", "");
    ChangeEnd end;
    end.done = true;
    end.told = static_cast<std::uint32_t>(recorded.notices.size());
    end.postpones_codes = keeps_what_goes;  // with them the end of those that are to go
    return end;
}

}  // namespace

Result<TimePoint> frozen_until(const ChangeContext& change) {
    const auto changes = change.ports().store.changes(change.subject(), {});
    if (!changes) return Error{changes.error()}.within("read changes");
    TimePoint until{};
    for (const Change& each : *changes)
        if (each.kind == ChangeKind::Frozen) until = std::max(until, each.final_at);
    return until > change.now() ? until : TimePoint{};
}

Result<ChangeEnd> deny(ChangeContext& change) {
    const Secret& typed = change.wish.veto_code;
    if (typed.empty()) return stand_still(change);
    const Secret code{normalised_veto_code(typed.reveal())};
    if (code.empty())
        return not_changed("that is no such code; type its ten letters as the message has them");
    return end_by_code(change, code.reveal());
}

}  // namespace latchkey
