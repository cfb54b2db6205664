// SPDX-License-Identifier: MIT
//
// What more than one table's calls need. All of it runs inside the caller's
// transaction and throws what SQLiteCpp throws.
#pragma once

#include <optional>

#include "adapters/sqlite_store/query.hpp"

namespace latchkey {

// attempts.cpp: records the attempt unless one of the limits is reached.
[[nodiscard]] Charge charged(SQLite::Database& database, const Attempt& attempt,
                             std::span<const Limit> limits, TimePoint now);
// attempts.cpp: settles a Pending attempt; false if there is none.
[[nodiscard]] bool settle_pending(SQLite::Database& database, AttemptId id, AttemptResult result);

// codes.cpp: the codes of the account end that outlive their recoveries, also if those still live.
void end_kept_codes(SQLite::Database& database, const SubjectKey& subject, TimePoint now);

// recoveries.cpp: whose recovery it is, if it is neither over nor spent.
[[nodiscard]] std::optional<SubjectKey> subject_of_living(SQLite::Database& database, RecoveryId id,
                                                          TimePoint now);
// Those of the subject that are open end, with what outlives a recovery.
void end_open_recoveries(SQLite::Database& database, const SubjectKey& subject, TimePoint now);
// Opens the gate, or renews it if it is open.
void open_gate(SQLite::Database& database, RecoveryId id, const Gate& gate, AttemptId proof);

// changes.cpp: what was changed, or happened, and who may end or deny it.
void insert_change(SQLite::Database& database, const SubjectKey& subject, const Change& change,
                   const std::vector<Veto>& vetoes);

// outbox.cpp: queues a message; without its text if the recovery is not deliverable.
void queue_message(SQLite::Database& database, const OutboxRow& row, bool deliverable);
// The same for many, with one statement.
class MessageQueue {
public:
    explicit MessageQueue(SQLite::Database& database);
    void add(const OutboxRow& row, bool deliverable);

private:
    Query insert_;
};

// enrolments.cpp: a new row, whatever its id says.
void insert_contact(SQLite::Database& database, const SubjectKey& subject, const Contact& contact);
// The subject's one that counts, or the one that waits beside it.
void put_authenticator(SQLite::Database& database, const SubjectKey& subject, bool waits,
                       const Authenticator& authenticator);

// audit.cpp: the end of the trail's chain, to which records are appended one after the other.
class AuditChain {
public:
    explicit AuditChain(SQLite::Database& database);
    // The link of the record that is appended next.
    [[nodiscard]] const Digest& append(const AuditRecord& record);

private:
    Digest newest_{};
};
inline constexpr const char* kAppendAudit = "INSERT INTO audit (at, event, subject, detail, chain)";
void append_audit_row(SQLite::Database& database, const AuditRecord& record);

}  // namespace latchkey
