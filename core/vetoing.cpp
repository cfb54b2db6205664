// SPDX-License-Identifier: MIT
#include "core/vetoing.hpp"

#include <algorithm>

#include "core/answers.hpp"
#include "core/change_rows.hpp"
#include "core/change_telling.hpp"
#include "core/forgetting.hpp"

namespace latchkey {

namespace {

const StoredAddress* address_with(const ChangeContext& change, std::int64_t id) {
    for (const auto* all : {&change.recovery.ways.addresses, &change.recovery.ways.devices})
        for (const StoredAddress& stored : *all)
            if (stored.row.id == id) return &stored;
    return nullptr;
}

ChangeFacts facts_of(const ChangeContext& change, const Change& vetoed) {
    ChangeFacts facts{vetoed.kind, Medium::Other, {}, vetoed.final_at};
    const StoredAddress* address = address_with(change, vetoed.contact);
    const auto method = change.settings().methods.find(vetoed.method);
    if (address != nullptr) facts.destination = address->method.masked_destination;
    if (method != change.settings().methods.end()) facts.medium = method->second.medium;
    return facts;
}

// What the change took away, as it was before.
Result<void> restore(const ChangeContext& change, UsedVeto& used) {
    if (used.change.kind == ChangeKind::Forgotten) return restore_forgotten(change, used);
    if (used.change.kind == ChangeKind::RemovedContact) {
        const StoredAddress* address = address_with(change, used.change.contact);
        if (address != nullptr)
            used.contacts.push_back(with_time(change, *address, {address->row.usable_from, {}}));
    }
    if (used.change.kind != ChangeKind::RemovedAuthenticator) return {};
    for (const Authenticator& app : change.apps) {
        // The one that this removal let go, and no other.
        if (app.gone_from == TimePoint{} || app.gone_from < used.change.final_at) continue;
        auto stays = with_time(change, app, {app.usable_from, {}});
        if (!stays) return std::move(stays).error();
        used.authenticators.push_back(std::move(*stays));
    }
    return {};
}

// Not that everything goes: who has to be rid of one address removes it, where it has no veto.
bool is_removal(const Change& change) {
    return change.kind == ChangeKind::RemovedContact ||
           change.kind == ChangeKind::RemovedAuthenticator;
}

Result<ChangeEnd> veto(ChangeContext& change, const FoundVeto& found) {
    UsedVeto used;
    used.subject = change.subject();
    used.change = found.change;
    used.told = found.told;
    used.now = change.now();
    // Whoever holds one address must not be able to keep what its owner removes for ever. What
    // is new is ended as often as anybody who was told says so.
    used.ends_change = !(found.used_lately && is_removal(found.change));
    const ChangeFacts facts = facts_of(change, found.change);
    if (used.ends_change) {
        if (auto restored = restore(change, used); !restored) return std::move(restored).error();
        used.notices = tell_veto(change, facts, found.change.contact);
    }
    used.audit_detail = std::string{used.ends_change ? "undone" : "second_veto"} +
                        " change=" + std::to_string(found.change.id) +
                        " method=" + found.change.method + change.circumstances();
    const auto first = change.ports().store.use_veto(used);
    if (!first) return Error{first.error()}.within("use veto");
    if (!*first) return not_changed("that code is not one, or its time is over");
    change.ports().channels.send_due();
    change.recovery.log(
        found.used_lately ? Severity::Alarm : Severity::Info,
        found.used_lately ? "second veto of one address" : "change vetoed",
        "change=" + std::to_string(found.change.id) + (used.ends_change ? " undone" : " stands"));
    if (!used.ends_change)
        return not_changed(
            "this address has undone a change within 30 days, so the administrator decides about "
            "this removal, and has been told; ask there");
    ChangeEnd end;
    end.done = true;
    end.destination = facts.destination;
    end.told = static_cast<std::uint32_t>(used.notices.size());
    end.ends_codes = found.change.kind == ChangeKind::NewSavedCodes ||
                     found.change.kind == ChangeKind::Forgotten;
    return end;
}

Result<ChangeEnd> veto_with(ChangeContext& change, std::string_view code) {
    const auto charge =
        change.recovery.charge(change.recovery.attempt(AttemptKind::Resume, change.subject()));
    if (!charge) return Error{charge.error()}.within("charge veto");
    if (!charge->allowed) return not_changed("too many wrong codes; try again in an hour");
    const auto found =
        change.ports().store.find_veto(change.subject(), veto_digest(change, code), change.now());
    if (!found) return Error{found.error()}.within("find veto");
    const auto result = *found ? AttemptResult::Right : AttemptResult::Wrong;
    if (auto settled = change.ports().store.settle_attempt(charge->id, result); !settled)
        return std::move(settled).error().within("settle veto");
    if (!*found) return not_changed("that code is not one, or its time is over");
    return veto(change, **found);
}

bool was_denied_lately(const std::vector<Change>& changes, TimePoint now) {
    return std::any_of(changes.begin(), changes.end(), [now](const Change& each) {
        return each.kind == ChangeKind::Frozen && each.at > now - kFrozen;
    });
}

// Time for whoever was told; it does not keep the owner from changing anything.
Result<ChangeEnd> stand_still(ChangeContext& change) {
    const TimePoint now = change.now();
    const auto changes = change.ports().store.changes(change.subject(), now - kFrozen);
    if (!changes) return Error{changes.error()}.within("read changes");
    if (was_denied_lately(*changes, now))
        return not_changed(
            "that was said within a day already; type the code of a message, or "
            "remove what is not yours");
    auto rows = moved(change, [now](CountingTime time, std::int64_t) {
        if (time.usable_from > now) time.usable_from += kFrozen;
        if (time.gone_from > now) time.gone_from += kFrozen;
        return time;
    });
    if (!rows) return std::move(rows).error();
    auto ended = change.ports().store.end_recoveries(
        change.recovery.attempt(AttemptKind::Denial, change.subject()),
        {now, "denied", change.subject(), "by=owner" + change.circumstances()});
    if (!ended) return std::move(ended).error().within("end recoveries");
    RecordedChange recorded;
    recorded.subject = change.subject();
    recorded.change = {0, ChangeKind::Frozen, {}, 0, now, now, now};
    recorded.contacts = std::move(rows->contacts);
    recorded.authenticators = std::move(rows->authenticators);
    recorded.audit_detail = "postponed" + change.circumstances();
    auto kept = change.ports().store.record_change(recorded);
    if (!kept) return std::move(kept).error().within("record change");
    change.recovery.log(Severity::Alarm, "denied by its owner", "");
    ChangeEnd end;
    end.done = true;
    end.postpones_codes = true;
    return end;
}

}  // namespace

Result<TimePoint> frozen_until(const ChangeContext& change) {
    const auto changes = change.ports().store.changes(change.subject(), {});
    if (!changes) return Error{changes.error()}.within("read changes");
    TimePoint until{};
    for (const Change& each : *changes)
        if (each.kind != ChangeKind::Frozen && each.ended_at != TimePoint{})
            until = std::max(until, each.ended_at + kFrozen);
    return until > change.now() ? until : TimePoint{};
}

Result<ChangeEnd> deny(ChangeContext& change) {
    const Secret& typed = change.wish.veto_code;
    if (typed.empty()) return stand_still(change);
    const Secret code{normalised_veto_code(typed.reveal())};
    if (code.empty())
        return not_changed("that is no such code; type its ten letters as the message has them");
    return veto_with(change, code.reveal());
}

}  // namespace latchkey
