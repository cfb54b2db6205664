// SPDX-License-Identifier: MIT
#include "core/confirming.hpp"

#include <string>
#include <utility>

namespace latchkey {

namespace {

// What has expired comes back by a code that is sent there, and by nobody's word.
bool can_be_confirmed(const ChangeContext& change, const Contact& row) {
    return counts(row, change.now()) && row.gone_from == TimePoint{} &&
           change.now() - row.confirmed_at < change.settings().security_info.expires_after;
}

}  // namespace

Result<ChangeEnd> confirm_addresses(ChangeContext& change) {
    const TimePoint now = change.now();
    RecordedChange recorded;
    recorded.subject = change.subject();
    // As an address that is confirmed by a code: nothing that anybody has to end.
    recorded.change = {0, ChangeKind::AddedContact, {}, 0, now, now};
    std::string destinations;
    for (const StoredAddress& stored : change.recovery.ways.addresses) {
        if (!can_be_confirmed(change, stored.row)) continue;
        Contact row = stored.row;
        row.confirmed_at = now;
        row.sealed_address = sealed_again(change, stored, row);
        recorded.contacts.push_back({std::move(row), stored.row.sealed_address});
        destinations += (destinations.empty() ? "" : ", ") + stored.method.masked_destination;
    }
    if (recorded.contacts.empty())
        return not_changed("the account has no address that counts; see: latchkey methods");
    recorded.audit_detail = "confirmed " + destinations + " by owner";
    auto kept = change.ports().store.record_change(recorded);
    if (!kept && kept.error().kind == ErrorKind::Rejected)
        return not_changed("nothing was changed: a veto was quicker");
    if (!kept) return std::move(kept).error().within("record change");
    ChangeEnd end;
    end.done = true;
    end.destination = std::move(destinations);
    end.counts_from = now + change.settings().security_info.expires_after;
    return end;
}

}  // namespace latchkey
