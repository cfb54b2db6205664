// SPDX-License-Identifier: MIT
//
// The root side's audit log: an append-only file of chained records
// (monitor/audit_rows.hpp), each synced, with the newest record's place kept in a
// second file, so that a cut of the end shows.
//
//   /var/lib/latchkey-acts/audit        the records
//   /var/lib/latchkey-acts/audit.head   "57:HEX 20419 12": number and hash of the newest one,
//                                       the day, and how many records of strangers it has
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/ports/event_log.hpp"
#include "core/result.hpp"
#include "monitor/audit_rows.hpp"

namespace latchkey {

// Who caused a record. Strangers must not fill the disk: of conversations in which
// nothing was proven a day keeps so many, then one record that says so.
enum class AuditCause : std::uint8_t { Stranger, Proven };
inline constexpr std::uint32_t kStrangersPerDay = 1000;

class AuditLog {
public:
    // `directory` is the ledger's; `key` is audit_key().
    AuditLog(std::string directory, Secret key)
        : directory_(std::move(directory)), key_(std::move(key)) {}

    // On disk and anchored when it returns; the place of the record, nothing if the
    // strangers' share of the day is used up. A log that was cut is continued behind
    // the anchor, so that the gap stays visible for ever.
    Result<std::optional<AuditHead>> append(const AuditEntry& entry, AuditCause cause);

    // Every line with its '\n', oldest first, as far as the log goes now.
    Result<void> read(const std::function<void(std::string_view line)>& each) const;
    // The same of the newest `bytes`; the first line may be a part of one.
    Result<void> read_newest(std::size_t bytes,
                             const std::function<void(std::string_view line)>& each) const;
    Result<AuditCheck> verify(const std::optional<AuditHead>& elsewhere) const;

private:
    std::string directory_;
    Secret key_;
};

// Appends and says so in the system log, whose copies on other hosts are the anchor
// that nobody here can put back. False: nothing was recorded, and an alarm is logged.
bool record_audit(AuditLog& audit, const AuditEntry& entry, AuditCause cause, EventLog& log);

}  // namespace latchkey
