// SPDX-License-Identifier: MIT
//
// The root side's audit log beside the store's trail. Both tell of the same acts and
// enrolments, and neither writes for the other:
//
//   act        store "granted", then log "act begun", then store "acted"
//   enrolment  log "enrolling", then store "enrolment", then log "enrolled"
//   import     log "importing" with a hash over the rows, then store "enrolment" for each of them,
//              then log "imported" with the same hash
//
// or "not_enrolled" and "not_imported" where the store has refused. A grant without an act, an
// act without its end, and an enrolment of which the log knows no more than that it was to come
// are what a crash leaves: notes. An act without a grant, an end without an act, and an enrolment
// that only one of the two knows are not. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "monitor/audit_rows.hpp"
#include "monitor/store_trail.hpp"

namespace latchkey {

struct LoggedEntry {
    std::uint64_t record = 0;
    AuditEntry entry;
};

// Of the root side's log what the store must know as well.
struct LoggedSide {
    std::optional<TimePoint> begins;  // the log's first record; nothing: there is none
    std::vector<LoggedEntry> entries;

    void take(const AuditRow& row);
};

// Where things stood before the store was read; the log was read after it.
struct AskedAt {
    TimePoint time;
    std::uint64_t newest_record = 0;  // of the log; 0: there was none
};

[[nodiscard]] Findings compare_trails(const LoggedSide& log, const StoreTrail& store,
                                      const AskedAt& asked_at);

}  // namespace latchkey
