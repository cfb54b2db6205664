// SPDX-License-Identifier: MIT
//
// The root side's own record of acts, whatever the verifier says: an append-only
// file, synced before and after each act. due -> acting -> done | not done.
//
// Every error means: no act. Corrupt and Unavailable stand for a ledger that
// cannot be read or written; a last line that a crash cut off is removed instead.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "adapters/system/unique_fd.hpp"
#include "core/recovery.hpp"
#include "core/result.hpp"
#include "core/settings.hpp"
#include "monitor/ledger_rows.hpp"

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
    // hour. While this object lives the entry counts as done, so that of two
    // conversations about one account one is told so at once. Rejected: a limit is
    // reached. `row_before` is a digest of the shadow row.
    Result<Entry> begin(const SubjectKey& subject, uid_t uid, Act act,
                        const std::string& row_before, const ActLimits& limits, TimePoint now);
    // The root act follows at once. May be said again before each further try.
    Result<void> acting(const Entry& entry, TimePoint now);
    // Done and InPart (the shadow row changed) are "done", all others "not done".
    Result<void> settle(const Entry& entry, ActResult result, TimePoint now);

    // Settles what dead processes left: at "due": not done; at "acting": done if
    // the row's digest differs from the one recorded, or if it cannot be told (an
    // unlock). Called at every start. `row_now` maps a subject to the digest of its
    // shadow row today, empty if it is gone.
    Result<void> settle_interrupted(const std::function<std::string(const SubjectKey&)>& row_now,
                                    TimePoint now);

private:
    class Transaction;
    Ledger(UniqueFd directory, UniqueFd locks)
        : directory_(std::move(directory)), locks_(std::move(locks)) {}

    UniqueFd directory_;
    UniqueFd locks_;                // byte 0: one writer at a time; byte N: who began act N lives
    std::set<std::uint64_t> held_;  // acts this object began and has not settled
};

}  // namespace latchkey
