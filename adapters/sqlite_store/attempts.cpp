// SPDX-License-Identifier: MIT
//
// Limits are questions about recorded attempts. There is no counter: nothing to
// reset, nothing to drift.
#include "adapters/sqlite_store/counting.hpp"
#include "adapters/sqlite_store/rows.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey {

namespace {

// A subject that this source has tried before is no further subject.
bool would_exceed(AttemptCounter& counter, const Attempt& attempt, const Limit& limit) {
    return binds(limit, attempt) && counter.count(limit, attempt.subject) >= limit.at_most;
}

// Without its columns' names, which would be a fifth of what it costs to prepare.
AttemptId record(SQLite::Database& database, const Attempt& attempt, TimePoint now) {
    Query{database, "INSERT INTO attempt VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7)"}
        .with(attempt.subject, attempt.source, attempt.kind, attempt.method, attempt.recovery, now,
              AttemptResult::Pending)
        .run();
    return database.getLastInsertRowid();
}

// Invented names must not fill the disk. One came, one goes: to look for more of them would
// cost an unknown name what a known one does not pay.
void make_room_in_bucket(SQLite::Database& database, const SubjectKey& bucket) {
    Query kept{database, "SELECT count(*), min(id) FROM attempt WHERE subject = ?1"};
    kept.with(bucket);
    if (!kept.next() || kept.count(0) <= kAttemptsPerBucket) return;
    Query{database, "DELETE FROM attempt WHERE id = ?1"}.with(kept.integer(1)).run();
}

void trim_bucket(SQLite::Database& database, const SubjectKey& bucket) {
    Query{database,
          "DELETE FROM attempt WHERE subject = ?1 AND id <= (SELECT id FROM attempt"
          " WHERE subject = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)"}
        .with(bucket, kAttemptsPerBucket)
        .run();
}

// Nor may guesses that no account's limit refuses.
void trim_saved_codes(SQLite::Database& database, const SubjectKey& subject) {
    Query{database,
          "DELETE FROM attempt WHERE subject = ?1 AND kind = ?2 AND id <= (SELECT id FROM attempt"
          " WHERE subject = ?1 AND kind = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)"}
        .with(subject, AttemptKind::SavedCode, kSavedCodeAttemptsKept)
        .run();
}

}  // namespace

Charge charged(SQLite::Database& database, const Attempt& attempt, std::span<const Limit> limits,
               TimePoint now) {
    AttemptCounter counter{database, attempt, now};
    for (const Limit& limit : limits)
        if (would_exceed(counter, attempt, limit)) return {0, false, limit.name};
    const AttemptId id = record(database, attempt, now);
    if (is_bucket(attempt.subject)) make_room_in_bucket(database, attempt.subject);
    if (attempt.kind == AttemptKind::SavedCode) trim_saved_codes(database, attempt.subject);
    return {id, true, {}};
}

bool settle_pending(SQLite::Database& database, AttemptId id, AttemptResult result) {
    return Query{database, "UPDATE attempt SET result = ?2 WHERE id = ?1 AND result = 0"}
               .with(id, result)
               .run() == 1;
}

Result<Charge> SqliteStore::charge_attempt(const Attempt& attempt, std::span<const Limit> limits,
                                           TimePoint now) {
    return write(*connection_, "charge attempt", [&](SQLite::Database& database) -> Result<Charge> {
        return charged(database, attempt, limits, now);
    });
}

Result<void> SqliteStore::settle_attempt(AttemptId id, AttemptResult result) {
    return write(*connection_, "settle attempt", [&](SQLite::Database& database) -> Result<void> {
        if (!settle_pending(database, id, result))
            return Error{ErrorKind::NotFound, "settle attempt: none is pending"};
        return {};
    });
}

Result<void> SqliteStore::withdraw_attempt(AttemptId id) {
    return write(*connection_, "withdraw attempt", [&](SQLite::Database& database) -> Result<void> {
        if (Query{database, "DELETE FROM attempt WHERE id = ?1 AND result = 0"}.with(id).run() != 1)
            return Error{ErrorKind::NotFound, "withdraw attempt: none is pending"};
        return {};
    });
}

Result<std::uint32_t> SqliteStore::count_attempts(const Attempt& like, const Limit& limit,
                                                  TimePoint now) {
    return read(*connection_, "count attempts",
                [&](SQLite::Database& database) -> Result<std::uint32_t> {
                    return AttemptCounter{database, like, now}.count(limit, "");
                });
}

Result<void> SqliteStore::prune(TimePoint now) {
    return write(*connection_, "prune", [&](SQLite::Database& database) -> Result<void> {
        Query{database, "DELETE FROM attempt WHERE at <= ?1"}.with(now - kAttemptsKept).run();
        Query{database, "DELETE FROM code WHERE expires_at <= ?1 OR used_at IS NOT NULL"}
            .with(now)
            .run();
        // What has a code that outlives it stays as long as that.
        Query{database,
              "DELETE FROM recovery WHERE expires_at <= ?1"
              " AND NOT EXISTS (SELECT 1 FROM code WHERE code.recovery = recovery.id)"}
            .with(now)
            .run();
        Query{database, "DELETE FROM channel_health WHERE begun_at <= ?1"}
            .with(now - kHealthLasts)
            .run();
        Query{database, "DELETE FROM change WHERE final_at <= ?1"}.with(now - kChangesKept).run();
        // What is gone has no voice any more.
        Query{database,
              "DELETE FROM veto WHERE used_at = 0 AND told IN"
              " (SELECT id FROM contact WHERE gone_from > 0 AND gone_from <= ?1)"}
            .with(now)
            .run();
        Query{database, "DELETE FROM contact WHERE gone_from > 0 AND gone_from <= ?1"}
            .with(now)
            .run();
        Query{database, "DELETE FROM authenticator WHERE gone_from > 0 AND gone_from <= ?1"}
            .with(now)
            .run();
        Query buckets{database,
                      "SELECT subject FROM attempt WHERE subject >= '#' AND subject < '$'"
                      " GROUP BY subject HAVING count(*) > ?1"};
        buckets.with(kAttemptsPerBucket);
        std::vector<SubjectKey> overfull;
        while (buckets.next()) overfull.push_back(buckets.text(0));
        for (const SubjectKey& bucket : overfull) trim_bucket(database, bucket);
        return {};
    });
}

}  // namespace latchkey
