// SPDX-License-Identifier: MIT
#include "core/removing.hpp"

#include <algorithm>

#include "core/addresses.hpp"
#include "core/change_telling.hpp"

namespace latchkey {

namespace {

Medium medium_of(const ChangeContext& change, const std::string& method) {
    const auto found = change.settings().methods.find(method);
    return found == change.settings().methods.end() ? Medium::Other : found->second.medium;
}

// Addresses and devices of the method, or the one of them that was named.
std::vector<const StoredAddress*> meant(const ChangeContext& change) {
    std::vector<const StoredAddress*> found;
    const auto look = [&](const std::vector<StoredAddress>& all) {
        for (const StoredAddress& stored : all) {
            if (stored.method.name != change.wish.method) continue;
            if (change.wish.address.empty() ||
                means_address(change.ports().vault, medium_of(change, stored.method.name),
                              change.wish.address, stored.address.reveal(),
                              change.settings().phone_country))
                found.push_back(&stored);
        }
    };
    look(change.recovery.ways.addresses);
    look(change.recovery.ways.devices);
    return found;
}

// The row as it is written again, if it is changed.
std::optional<Contact> with_times(const ChangeContext& change, const StoredAddress& stored,
                                  TimePoint usable_from, TimePoint gone_from) {
    Contact row = stored.row;
    if (row.usable_from == usable_from && row.gone_from == gone_from) return std::nullopt;
    row.usable_from = usable_from;
    row.gone_from = gone_from;
    row.sealed_address = sealed_again(change, stored, row);
    return row;
}

bool stays(const StoredAddress& stored, std::int64_t removed, TimePoint now) {
    return stored.row.id != removed && counts(stored.row, now) &&
           stored.row.gone_from == TimePoint{};
}

// True if something of what counts now is left when `removed` is gone. Saved codes are no
// reason to let everything else be replaced in a week: they lie in a drawer.
bool something_stays(const ChangeContext& change, std::int64_t removed,
                     const std::vector<Authenticator>& apps, bool removes_app) {
    const Ways& ways = change.recovery.ways;
    const TimePoint now = change.now();
    const auto any = [&](const std::vector<StoredAddress>& all) {
        return std::any_of(all.begin(), all.end(), [&](const StoredAddress& stored) {
            return stays(stored, removed, now);
        });
    };
    const bool app_stays =
        !removes_app && std::any_of(apps.begin(), apps.end(), [&](const Authenticator& app) {
            return counts(app, now) && app.gone_from == TimePoint{};
        });
    return any(ways.addresses) || any(ways.devices) || app_stays;
}

// Everything that waits or goes does so until `until`.
std::vector<Contact> everything_waits(const ChangeContext& change, std::int64_t removed,
                                      TimePoint until) {
    std::vector<Contact> rows;
    const TimePoint now = change.now();
    for (const auto* all : {&change.recovery.ways.addresses, &change.recovery.ways.devices})
        for (const StoredAddress& stored : *all) {
            const bool goes = stored.row.id == removed || stored.row.gone_from != TimePoint{};
            const TimePoint usable_from = stored.row.usable_from > now
                                              ? std::max(stored.row.usable_from, until)
                                              : stored.row.usable_from;
            const TimePoint gone_from = goes ? std::max(stored.row.gone_from, until) : TimePoint{};
            if (auto row = with_times(change, stored, usable_from, gone_from))
                rows.push_back(std::move(*row));
        }
    return rows;
}

std::vector<Contact> this_one_goes(const ChangeContext& change, const StoredAddress* removed,
                                   TimePoint until) {
    std::vector<Contact> rows;
    if (removed == nullptr) return rows;
    if (auto row = with_times(change, *removed, removed->row.usable_from, until))
        rows.push_back(std::move(*row));
    return rows;
}

Result<ChangeEnd> remove(ChangeContext& change, const StoredAddress* address,
                         const std::vector<Authenticator>& apps) {
    const bool is_app = address == nullptr;
    const std::int64_t id = is_app ? 0 : address->row.id;
    const TimePoint now = change.now();
    const bool stays = something_stays(change, id, apps, is_app);
    const TimePoint until =
        now + (stays ? change.hold()
                     : std::max(change.hold(), change.settings().security_info.replaced_hold));
    const ChangeFacts facts{is_app ? ChangeKind::RemovedAuthenticator : ChangeKind::RemovedContact,
                            is_app ? Medium::Other : medium_of(change, change.wish.method),
                            is_app ? std::string{} : address->method.masked_destination, until};
    const Telling telling = tell_change(change, facts, id);
    RecordedChange recorded;
    recorded.subject = change.subject();
    recorded.change = {0, facts.kind, change.wish.method, id, now, until};
    recorded.contacts =
        stays ? this_one_goes(change, address, until) : everything_waits(change, id, until);
    if (is_app) {
        auto app = goes_from(change, apps.front(), until);
        if (!app) return std::move(app).error();
        recorded.authenticator = std::move(*app);
    }
    recorded.vetoes = telling.vetoes;
    recorded.notices = telling.notices;
    recorded.audit_detail = "removed " + change.wish.method + ' ' + facts.destination +
                            (stays ? "" : " nothing_else_counts") + change.circumstances();
    auto kept = change.ports().store.record_change(recorded);
    if (!kept) return std::move(kept).error().within("record change");
    change.ports().channels.send_due();
    ChangeEnd end;
    end.done = true;
    end.destination = facts.destination;
    end.counts_from = until;
    end.told = static_cast<std::uint32_t>(telling.notices.size());
    return end;
}

}  // namespace

Result<Authenticator> goes_from(const ChangeContext& change, const Authenticator& app,
                                TimePoint until) {
    const Vault& vault = change.ports().vault;
    const Secret& subkey = change.recovery.request.subkey;
    auto key = vault.unseal(subkey, authenticator_binding(change.subject(), app), app.sealed_key);
    if (!key) return std::move(key).error().within("open authenticator");
    Authenticator changed = app;
    changed.gone_from = until;
    changed.sealed_key =
        vault.seal(subkey, authenticator_binding(change.subject(), changed), key->reveal());
    return changed;
}

Result<ChangeEnd> remove_way(ChangeContext& change) {
    auto apps = change.ports().store.authenticators(change.subject());
    if (!apps) return std::move(apps).error().within("read authenticators");
    const auto method = change.settings().methods.find(change.wish.method);
    const bool is_app = method != change.settings().methods.end() &&
                        method->second.kind == MethodKind::Verification;
    if (is_app) {
        if (apps->empty() || apps->front().method != change.wish.method)
            return not_changed("the account has no app or token of that method");
        return remove(change, nullptr, *apps);
    }
    const auto found = meant(change);
    if (found.empty()) return not_changed("the account has no such address; see: latchkey methods");
    if (found.size() > 1)
        return not_changed("the account has more than one address of that method; name the one");
    if (found.front()->row.gone_from != TimePoint{})
        return not_changed("that address is being removed already; see: latchkey methods");
    return remove(change, found.front(), *apps);
}

}  // namespace latchkey
