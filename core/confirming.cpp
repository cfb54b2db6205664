// SPDX-License-Identifier: MIT
#include "core/confirming.hpp"

#include <string>
#include <utility>

#include "core/reminding.hpp"

namespace latchkey {

Result<ChangeEnd> confirm_addresses(ChangeContext& change) {
    const TimePoint now = change.now();
    RecordedChange recorded;
    recorded.subject = change.subject();
    // As an address that is confirmed by a code: nothing that anybody has to end.
    recorded.change = {0, ChangeKind::AddedContact, {}, 0, now, now};
    std::string destinations;
    for (const StoredAddress& stored : change.recovery.ways.addresses) {
        if (!confirmation_is_due(stored.row, change.settings(), now)) continue;
        Contact row = stored.row;
        row.confirmed_at = now;
        row.sealed_address = sealed_again(change, stored, row);
        recorded.contacts.push_back({std::move(row), stored.row.sealed_address});
        destinations += (destinations.empty() ? "" : ", ") + stored.method.masked_destination;
    }
    if (recorded.contacts.empty())
        return not_changed(
            "no address waits to be confirmed; one that has expired comes back by: latchkey "
            "enroll");
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
