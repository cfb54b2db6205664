// SPDX-License-Identifier: MIT
#include "core/ending_changes.hpp"

#include <algorithm>

#include "core/change_rows.hpp"
#include "core/change_telling.hpp"
#include "core/forgetting.hpp"

namespace latchkey {

namespace {

// A row is written once, whatever ended.
void put_address(const ChangeContext& change, const StoredAddress& address, TimePoint gone_from,
                 EndedChanges& ends) {
    const bool goes = address.row.gone_from > change.now();
    const bool is_there =
        std::any_of(ends.contacts.begin(), ends.contacts.end(),
                    [&](const ChangedContact& each) { return each.row.id == address.row.id; });
    if (goes && !is_there)
        ends.contacts.push_back(with_time(change, address, {address.row.usable_from, gone_from}));
}
Result<void> put_app(const ChangeContext& change, const Authenticator& app, TimePoint gone_from,
                     EndedChanges& ends) {
    const bool goes = app.gone_from > change.now();
    const bool is_there =
        std::any_of(ends.authenticators.begin(), ends.authenticators.end(),
                    [&](const auto& each) { return each.sealed_before == app.sealed_key; });
    if (!goes || is_there) return {};
    auto row = with_time(change, app, {app.usable_from, gone_from});
    if (!row) return std::move(row).error();
    ends.authenticators.push_back(std::move(*row));
    return {};
}

// What `removed` let go goes at `gone_from(until now)` in its place.
template <class GoneFrom>
Result<void> put_removed(const ChangeContext& change, const Change& removed,
                         const GoneFrom& gone_from, EndedChanges& ends) {
    if (removed.kind == ChangeKind::Forgotten)
        return move_forgotten(change, removed, gone_from, ends);
    if (removed.kind == ChangeKind::RemovedContact) {
        const StoredAddress* address = change.address_with(removed.contact);
        if (address != nullptr)
            put_address(change, *address, gone_from(address->row.gone_from), ends);
    }
    if (removed.kind != ChangeKind::RemovedAuthenticator) return {};
    for (const Authenticator& app : change.apps) {
        // The one that this removal let go, and no other.
        if (app.gone_from < removed.final_at) continue;
        if (auto put = put_app(change, app, gone_from(app.gone_from), ends); !put) return put;
    }
    return {};
}

// What it brought in still waits, perhaps for longer than it says.
bool waits(const ChangeContext& change, const Change& added) {
    const TimePoint now = change.now();
    if (added.ended_at != TimePoint{}) return false;
    const StoredAddress* address = change.address_with(added.contact);
    if (added.kind == ChangeKind::AddedContact)
        return address != nullptr && address->row.usable_from > now;
    if (added.kind == ChangeKind::NewSavedCodes) return added.final_at > now;
    return added.kind == ChangeKind::AddedAuthenticator &&
           std::any_of(change.apps.begin(), change.apps.end(),
                       [now](const Authenticator& app) { return app.usable_from > now; });
}

// It waits for as long as where nothing else would stay, by its own rule or because it is under
// dispute. Of an account that can become root every removal waits for so long.
bool goes_late(const ChangeContext& change, const Change& removed) {
    return lets_go_until(change, removed) >=
           removed.at + change.settings().security_info.replaced_hold;
}

// The one that was all there was, behind the longer time that this takes.
bool replaces_app(const ChangeContext& change, const Change& added) {
    return added.kind == ChangeKind::AddedAuthenticator && waits(change, added) &&
           added.final_at >= added.at + change.settings().security_info.replaced_hold;
}

}  // namespace

TimePoint lets_go_until(const ChangeContext& change, const Change& removed) {
    TimePoint until{};
    if (removed.ended_at != TimePoint{}) return until;
    const StoredAddress* address = change.address_with(removed.contact);
    if (removed.kind == ChangeKind::RemovedContact && address != nullptr)
        until = address->row.gone_from;
    if (removed.kind == ChangeKind::RemovedAuthenticator)
        for (const Authenticator& app : change.apps) until = std::max(until, app.gone_from);
    return until > change.now() ? until : TimePoint{};
}

Result<void> give_back(const ChangeContext& change, const Change& ended, EndedChanges& ends) {
    return put_removed(
        change, ended, [](TimePoint) { return TimePoint{}; }, ends);
}

Result<void> let_go_later(const ChangeContext& change, const Change& removed, TimePoint until,
                          EndedChanges& ends) {
    return put_removed(
        change, removed, [until](TimePoint now) { return std::max(now, until); }, ends);
}

Result<KeptWays> keep_old_ways(ChangeContext& change, UsedFor used_for) {
    if (auto loaded = load(change); !loaded) return std::move(loaded).error();
    const bool goes = change.everything_goes();
    if (!goes && (used_for == UsedFor::Change || !change.is_app_all())) return KeptWays{};
    const auto changes = change.ports().store.changes(change.subject(), {});
    if (!changes) return Error{changes.error()}.within("read changes");
    EndedChanges ends;
    ends.subject = change.subject();
    ends.now = change.now();
    ends.audit_event = "kept";
    KeptWays result{true, false};
    // The removal behind which nothing stays is the newest one that lets anything go. Whoever has
    // everything go uses an old way meanwhile, and keeps nothing by it.
    const auto last = std::find_if(changes->begin(), changes->end(), [&](const Change& each) {
        return goes ? lets_go_until(change, each) != TimePoint{} : replaces_app(change, each);
    });
    if (last == changes->end() || (goes && !goes_late(change, *last))) return KeptWays{};
    for (const Change& each : *changes) {
        if (each.id != last->id && !(goes && waits(change, each))) continue;
        ends.changes.push_back(each);
        result.ends_codes = result.ends_codes || each.kind == ChangeKind::NewSavedCodes;
        if (auto given = give_back(change, each, ends); !given) return std::move(given).error();
    }
    ends.notices = tell_kept(change);
    ends.audit_detail =
        "old_way_used changes=" + std::to_string(ends.changes.size()) + change.circumstances();
    auto ended = change.ports().store.end_changes(ends);
    if (!ended) return std::move(ended).error().within("end changes");
    change.ports().channels.send_due();
    change.recovery.log(Severity::Info, "old ways kept",
                        "changes=" + std::to_string(ends.changes.size()));
    return result;
}

}  // namespace latchkey
