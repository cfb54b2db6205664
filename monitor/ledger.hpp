// SPDX-License-Identifier: MIT
//
// The root side's own record of acts, whatever the verifier says: an append-only
// file, synced before and after each act. due -> acting -> done | not done.
#pragma once

#include <cstdint>
#include <string>

#include "core/recovery.hpp"
#include "core/result.hpp"
#include "core/settings.hpp"

namespace latchkey {

class Ledger {
public:
    // `directory` (/var/lib/latchkey-acts, 0700 root) is made if it is absent.
    static Result<Ledger> open(const std::string& directory);

    struct Entry {
        std::uint64_t id = 0;
    };

    // Records "due", if the limits allow one more act of this kind: done resets
    // and unlocks, and begun acts, per account and 24 h, and begun acts per host and
    // hour. Rejected: a limit is reached. `row_before` is a digest of the shadow row.
    Result<Entry> begin(const SubjectKey& subject, uid_t uid, Act act,
                        const std::string& row_before, const ActLimits& limits, TimePoint now);
    // The root act follows at once.
    Result<void> acting(const Entry& entry, TimePoint now);
    Result<void> settle(const Entry& entry, ActResult result, TimePoint now);

    // Settles what a crash left at "acting": done if the row's digest differs
    // from the one recorded. Called at every start. `row_now` maps a subject to
    // the digest of its shadow row today, empty if it is gone.
    template <typename RowNow>
    Result<void> settle_interrupted(RowNow&& row_now, TimePoint now);
};

}  // namespace latchkey
