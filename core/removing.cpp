// SPDX-License-Identifier: MIT
#include "core/removing.hpp"

#include <algorithm>

#include "core/addresses.hpp"
#include "core/change_commit.hpp"
#include "core/change_rows.hpp"
#include "core/change_telling.hpp"

namespace latchkey {

namespace {

constexpr const char* kGoing = "that is being removed already; see: latchkey methods";

Medium medium_of(const ChangeContext& change, const std::string& method) {
    const auto found = change.settings().methods.find(method);
    return found == change.settings().methods.end() ? Medium::Other : found->second.medium;
}

// Addresses and devices of the method, or the one of them that was named.
std::vector<const StoredAddress*> meant(const ChangeContext& change) {
    std::vector<const StoredAddress*> found;
    for (const auto* all : {&change.recovery.ways.addresses, &change.recovery.ways.devices})
        for (const StoredAddress& stored : *all) {
            if (stored.method.name != change.wish.method) continue;
            if (change.wish.address.empty() ||
                means_address(change.ports().vault, medium_of(change, stored.method.name),
                              change.wish.address, stored.address.reveal(),
                              change.settings().phone_country))
                found.push_back(&stored);
        }
    return found;
}

// What is removed: an address, or the app or token that counts, or that waits.
struct Removed {
    const StoredAddress* address = nullptr;
    const Authenticator* app = nullptr;
    [[nodiscard]] std::int64_t id() const { return app != nullptr ? 0 : address->row.id; }
    [[nodiscard]] CountingTime time() const {
        return app != nullptr ? CountingTime{app->usable_from, app->gone_from}
                              : CountingTime{address->row.usable_from, address->row.gone_from};
    }
};

// Whether something that counts now still does when an ordinary removal is over. Saved codes are no
// reason to let everything else be replaced in a week: they lie in a drawer. Nor are devices, which
// prove nothing alone.
bool something_stays(const ChangeContext& change, const Removed& removed) {
    const TimePoint now = change.now();
    const TimePoint over = now + change.hold();
    const auto stays = [now, over](const auto& row) {
        return counts(row, now) && (row.gone_from == TimePoint{} || row.gone_from > over);
    };
    const auto& addresses = change.recovery.ways.addresses;
    const auto& devices = change.recovery.ways.devices;
    const bool is_device = std::any_of(devices.begin(), devices.end(),
                                       [&](const auto& each) { return &each == removed.address; });
    if (is_device) return true;
    return std::any_of(addresses.begin(), addresses.end(),
                       [&](const StoredAddress& each) {
                           return each.row.id != removed.id() && change.counts_now(each.row) &&
                                  stays(each.row);
                       }) ||
           std::any_of(change.apps.begin(), change.apps.end(), [&](const Authenticator& each) {
               return &each != removed.app && stays(each);
           });
}

// The rows as they are written again: the removed one alone, or with it everything that waits.
// What goes already goes in its time: who holds one of the ways must not gain weeks for it by
// removing the others.
Result<MovedRows> rows_of(const ChangeContext& change, const Removed& removed, bool alone,
                          TimePoint until) {
    const TimePoint now = change.now();
    auto rows = moved(change, [&](CountingTime time, std::int64_t id) {
        // An app is told from another below.
        const bool is_removed = id != 0 && id == removed.id();
        if (alone && !is_removed) return time;
        if (time.usable_from > now) time.usable_from = std::max(time.usable_from, until);
        if (is_removed) time.gone_from = std::max(time.gone_from, until);
        return time;
    });
    if (!rows || removed.app == nullptr) return rows;
    CountingTime time = removed.time();
    time.gone_from = until;
    auto app = with_time(change, *removed.app, time);
    if (!app) return std::move(app).error();
    std::erase_if(rows->authenticators, [&](const ChangedAuthenticator& each) {
        return each.sealed_before == app->sealed_before;
    });
    rows->authenticators.push_back(std::move(*app));
    return rows;
}

Result<ChangeEnd> remove(ChangeContext& change, const Removed& removed) {
    const TimePoint now = change.now();
    const bool waits = removed.time().usable_from > now;
    const bool stays = waits || something_stays(change, removed);
    const auto& info = change.settings().security_info;
    TimePoint until = now + (stays ? change.hold() : std::max(change.hold(), info.replaced_hold));
    // Whoever enrolled it, or finds it there, need not wait until it counts.
    if (waits) until = now;
    auto rows = rows_of(change, removed, stays, until);
    if (!rows) return std::move(rows).error();
    const bool is_app = removed.app != nullptr;
    const ChangeFacts facts =
        facts_about(change, is_app ? ChangeKind::RemovedAuthenticator : ChangeKind::RemovedContact,
                    change.wish.method, removed.address, until);
    const Telling telling = tell_change(change, facts, removed.id());
    RecordedChange recorded;
    recorded.subject = change.subject();
    recorded.change = {0, facts.kind, change.wish.method, removed.id(), now, until};
    recorded.contacts = std::move(rows->contacts);
    recorded.authenticators = std::move(rows->authenticators);
    recorded.vetoes = telling.vetoes;
    recorded.notices = telling.notices;
    recorded.audit_detail = "removed " + change.wish.method + ' ' + facts.destination +
                            (stays ? "" : " nothing_else_counts") + change.circumstances();
    if (auto kept = commit_change(change, recorded); !kept) return std::move(kept).error();
    ChangeEnd end;
    end.done = true;
    end.destination = facts.destination;
    end.counts_from = until;
    end.told = static_cast<std::uint32_t>(telling.notices.size());
    return end;
}

// One that waits before the one that counts: it is the newer one.
Result<ChangeEnd> remove_app(ChangeContext& change) {
    const TimePoint now = change.now();
    for (auto app = change.apps.rbegin(); app != change.apps.rend(); ++app) {
        if (!is_there(*app, now) || app->method != change.wish.method) continue;
        if (app->gone_from != TimePoint{}) return not_changed(kGoing);
        return remove(change, {nullptr, &*app});
    }
    return not_changed("the account has no app or token of that method");
}

}  // namespace

Result<ChangeEnd> remove_way(ChangeContext& change) {
    const auto method = change.settings().methods.find(change.wish.method);
    const bool is_app = method != change.settings().methods.end() &&
                        method->second.kind == MethodKind::Verification;
    if (is_app) return remove_app(change);
    const auto found = meant(change);
    if (found.empty()) return not_changed("the account has no such address; see: latchkey methods");
    if (found.size() > 1)
        return not_changed("the account has more than one address of that method; name the one");
    if (found.front()->row.gone_from != TimePoint{}) return not_changed(kGoing);
    return remove(change, {found.front(), nullptr});
}

}  // namespace latchkey
