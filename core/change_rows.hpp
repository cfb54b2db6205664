// SPDX-License-Identifier: MIT
//
// Rows of security info with other times, sealed anew: the times are in the associated data.
#pragma once

#include <vector>

#include "core/change_context.hpp"

namespace latchkey {

// Both ends of the time in which something counts; 1970 of the second: it has no end.
struct CountingTime {
    TimePoint usable_from;
    TimePoint gone_from;
    friend bool operator==(const CountingTime&, const CountingTime&) = default;
};

// Reads what the account has, anew.
[[nodiscard]] Result<void> load(ChangeContext& change);

[[nodiscard]] ChangedContact with_time(const ChangeContext& change, const StoredAddress& stored,
                                       const CountingTime& time);
// Errors are those of a key that does not open.
[[nodiscard]] Result<ChangedAuthenticator> with_time(const ChangeContext& change,
                                                     const Authenticator& app,
                                                     const CountingTime& time);

// Everything that waits or goes, with its end moved by `move`, which is asked for each.
struct MovedRows {
    std::vector<ChangedContact> contacts;
    std::vector<ChangedAuthenticator> authenticators;
};
template <class Move>
[[nodiscard]] Result<MovedRows> moved(const ChangeContext& change, const Move& move) {
    MovedRows rows;
    for (const auto* all : {&change.recovery.ways.addresses, &change.recovery.ways.devices})
        for (const StoredAddress& stored : *all) {
            const CountingTime before{stored.row.usable_from, stored.row.gone_from};
            const CountingTime after = move(before, stored.row.id);
            if (!(after == before)) rows.contacts.push_back(with_time(change, stored, after));
        }
    for (const Authenticator& app : change.apps) {
        const CountingTime before{app.usable_from, app.gone_from};
        const CountingTime after = move(before, std::int64_t{0});
        if (after == before || !is_there(app, change.now())) continue;
        auto changed = with_time(change, app, after);
        if (!changed) return std::move(changed).error();
        rows.authenticators.push_back(std::move(*changed));
    }
    return rows;
}

}  // namespace latchkey
