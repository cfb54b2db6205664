// SPDX-License-Identifier: MIT
#include "core/new_address.hpp"

#include <string>
#include <utility>

#include "core/addresses.hpp"
#include "core/change_commit.hpp"

namespace latchkey {

namespace {

// Confirmed anew before it was too old to prove anything: no change that anybody has to end.
bool was_fresh(const ChangeContext& change, const StoredAddress& address) {
    return address.row.id != 0 &&
           change.now() - address.row.confirmed_at < change.settings().security_info.expires_after;
}

}  // namespace

Result<Charge> charge_message(ChangeContext& change) {
    auto charge = change.recovery.charge(
        change.recovery.attempt(AttemptKind::Send, change.subject(), kNewAddress));
    if (!charge) return std::move(charge).error().within("charge send");
    return charge;
}

StoredAddress meant_address(const ChangeContext& change) {
    const MethodSettings& method = change.settings().methods.at(change.wish.method);
    const bool is_device = method.kind == MethodKind::Approval;
    // Of a device that is there no mask is loaded, since no menu shows any.
    const std::string mask = masked(method.medium, change.wish.address);
    const Ways& ways = change.recovery.ways;
    for (const StoredAddress& stored : is_device ? ways.devices : ways.addresses)
        if (stored.method.name == change.wish.method &&
            means_address(change.ports().vault, method.medium, change.wish.address,
                          stored.address.reveal(), {}))
            return {
                {stored.method.name, method.kind, stored.method.possession, mask, stored.row.id},
                stored.address.duplicate(),
                stored.is_usable,
                stored.row};
    StoredAddress fresh;
    fresh.method.name = change.wish.method;
    fresh.method.kind = method.kind;
    fresh.method.masked_destination = mask;
    fresh.address = Secret{change.wish.address};
    fresh.row.method = change.wish.method;
    fresh.row.possession = is_device
                               ? std::string{kDevicePossession}
                               : possession_of(change.ports().vault, change.recovery.request.subkey,
                                               method.medium, change.wish.address);
    return fresh;
}

ChangeEnd enrolled(const ChangeContext& change, const StoredAddress& address,
                   const Telling& telling, bool is_new) {
    ChangeEnd end;
    end.done = true;
    end.destination = address.method.masked_destination;
    end.counts_from = address.row.usable_from;
    end.told = static_cast<std::uint32_t>(telling.notices.size());
    end.is_new = is_new;
    // A device is none: it proves nothing alone.
    end.is_first = address.method.kind != MethodKind::Approval &&
                   change.recovery.ways.addresses.empty() &&
                   !change.recovery.ways.has_authenticator;
    return end;
}

bool has_room_for(const ChangeContext& change, const StoredAddress& address) {
    const Ways& ways = change.recovery.ways;
    return address.row.id != 0 || ways.addresses.size() + ways.devices.size() < kMostContacts;
}

ChangeEnd no_room() {
    return not_changed("nothing was changed: the account has " + std::to_string(kMostContacts) +
                       " addresses, which is as many as it may have, or a veto was quicker");
}

Result<ChangeEnd> keep_address(ChangeContext& change, StoredAddress& address) {
    const TimePoint now = change.now();
    const bool is_fresh = was_fresh(change, address);
    Contact& row = address.row;
    const std::string sealed_before = row.sealed_address;
    row.confirmed_at = now;
    if (!is_fresh) row.usable_from = now + change.hold();
    row.sealed_address = sealed_again(change, address, row);
    const ChangeFacts facts = facts_about(change, ChangeKind::AddedContact, change.wish.method,
                                          &address, row.usable_from);
    const Telling telling = is_fresh ? Telling{} : tell_change(change, facts, row.id);
    RecordedChange recorded;
    recorded.subject = change.subject();
    recorded.change = {0,   ChangeKind::AddedContact,        change.wish.method, row.id,
                       now, is_fresh ? now : row.usable_from};
    if (row.id == 0)
        recorded.added_contact = row;
    else
        recorded.contacts = {{row, sealed_before}};
    recorded.most_contacts = kMostContacts;
    recorded.vetoes = telling.vetoes;
    recorded.notices = telling.notices;
    const std::string what = change.wish.method + ' ' + address.method.masked_destination;
    if (!is_fresh) recorded.audit_event = "enrolment";  // which the root side's log knows as well
    recorded.audit_detail = (is_fresh ? "confirmed " : "enrolled ") + what + " by owner";
    ChangeEnd end = enrolled(change, address, telling, !is_fresh);
    // Confirmed anew it is nothing that anybody has to be told of.
    auto kept = is_fresh ? change.ports().store.record_change(recorded)
                         : commit_change(change, recorded, end.is_first);
    if (!kept && kept.error().kind == ErrorKind::Rejected) return no_room();
    if (!kept) return std::move(kept).error();
    return end;
}

}  // namespace latchkey
