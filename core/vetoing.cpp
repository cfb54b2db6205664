// SPDX-License-Identifier: MIT
#include "core/vetoing.hpp"

#include <algorithm>

#include "core/answers.hpp"
#include "core/change_telling.hpp"
#include "core/removing.hpp"

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
    if (used.change.kind == ChangeKind::RemovedContact) {
        const StoredAddress* address = address_with(change, used.change.contact);
        if (address == nullptr) return {};
        Contact row = address->row;
        row.gone_from = {};
        row.sealed_address = sealed_again(change, *address, row);
        used.contacts.push_back(std::move(row));
    }
    if (used.change.kind == ChangeKind::RemovedAuthenticator) {
        auto apps = change.ports().store.authenticators(change.subject());
        if (!apps) return std::move(apps).error().within("read authenticators");
        if (apps->empty()) return {};
        auto app = goes_from(change, apps->front(), {});
        if (!app) return std::move(app).error();
        used.authenticator = std::move(*app);
    }
    return {};
}

Result<ChangeEnd> veto(ChangeContext& change, const FoundVeto& found) {
    UsedVeto used;
    used.subject = change.subject();
    used.change = found.change;
    used.told = found.told;
    used.now = change.now();
    // Whoever holds one address must not be able to stop its owner for ever.
    used.ends_change = !found.used_lately;
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
    change.recovery.log(used.ends_change ? Severity::Info : Severity::Alarm,
                        used.ends_change ? "change vetoed" : "second veto of one address",
                        "change=" + std::to_string(found.change.id));
    if (!used.ends_change)
        return not_changed(
            "this address has undone a change within 30 days, so the administrator decides about "
            "this one, and has been told; ask there");
    ChangeEnd end;
    end.done = true;
    end.destination = facts.destination;
    end.told = static_cast<std::uint32_t>(used.notices.size());
    end.ends_codes = found.change.kind == ChangeKind::NewSavedCodes;
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

Result<ChangeEnd> freeze(ChangeContext& change) {
    const TimePoint now = change.now();
    auto ended = change.ports().store.end_recoveries(
        change.recovery.attempt(AttemptKind::Denial, change.subject()),
        {now, "denied", change.subject(), "by=owner" + change.circumstances()});
    if (!ended) return std::move(ended).error().within("end recoveries");
    RecordedChange recorded;
    recorded.subject = change.subject();
    recorded.change = {0, ChangeKind::Frozen, {}, 0, now, now, now};
    recorded.audit_detail = "frozen" + change.circumstances();
    auto kept = change.ports().store.record_change(recorded);
    if (!kept) return std::move(kept).error().within("record change");
    change.recovery.log(Severity::Alarm, "denied by its owner", "");
    ChangeEnd end;
    end.done = true;
    end.counts_from = now + kFrozen;
    return end;
}

}  // namespace

Result<TimePoint> frozen_until(const ChangeContext& change) {
    const auto changes = change.ports().store.changes(change.subject(), {});
    if (!changes) return Error{changes.error()}.within("read changes");
    TimePoint until{};
    for (const Change& each : *changes)
        if (each.ended_at != TimePoint{}) until = std::max(until, each.ended_at + kFrozen);
    return until > change.now() ? until : TimePoint{};
}

Result<ChangeEnd> deny(ChangeContext& change) {
    const Secret& typed = change.wish.veto_code;
    if (typed.empty()) return freeze(change);
    const Secret code{normalised_veto_code(typed.reveal())};
    if (code.empty())
        return not_changed("that is no such code; type its ten letters as the message has them");
    return veto_with(change, code.reveal());
}

}  // namespace latchkey
