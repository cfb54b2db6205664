// SPDX-License-Identifier: MIT
//
// Limits are questions about recorded attempts. There is no counter: nothing to
// reset, nothing to drift.
#include "adapters/sqlite_store/rows.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey {

namespace {

// ?1 subject, ?2 method, ?3 recovery, ?4 source of the attempt in question.
const char* scope_condition(LimitScope scope) {
    switch (scope) {
        case LimitScope::Subject:
            return "subject = ?1";
        case LimitScope::SubjectAndMethod:
            return "subject = ?1 AND method = ?2";
        case LimitScope::Recovery:
            return "recovery = ?3 AND method = ?2";
        case LimitScope::Source:
        case LimitScope::SubjectsOfSource:
            return "source = ?4";
        case LimitScope::SourceAndSubject:
            return "source = ?4 AND subject = ?1";
        case LimitScope::Accounts:
            return "subject NOT GLOB '#*' AND subject NOT GLOB 'channel:*'";
        case LimitScope::Host:
            return "1";
    }
    throw NotOurs{"an unknown scope"};
}

// A list of constants, so that an index serves each kind by itself: of what strangers can
// do without end no row is looked at when something else is counted.
std::string kind_condition(const std::vector<AttemptKind>& kinds) {
    std::string list;
    for (const AttemptKind kind : kinds)
        list += (list.empty() ? "" : ", ") + std::to_string(static_cast<int>(kind));
    return "kind IN (" + list + ")";
}

// Behind "+", so that no index of sources is taken for it.
const char* surface_condition(const std::optional<Surface>& only_at) {
    if (!only_at) return "";
    return *only_at == Surface::Console ? " AND +source GLOB 'console:*'"
                                        : " AND +source NOT GLOB 'console:*'";
}

// ?5 end of the window, ?6 only attempts after this id, ?7 a subject to leave out. "+id": no
// index of ids, which would be the whole table. What a limit does not ask for is not in its
// text: a statement is prepared for one count, which costs more than to run it.
std::string counting_sql(const Limit& limit) {
    const std::string in_scope = std::string{scope_condition(limit.scope)} + " AND " +
                                 kind_condition(limit.kinds) + " AND at > ?5 AND +id > ?6" +
                                 surface_condition(limit.only_at);
    std::string sql = limit.scope == LimitScope::SubjectsOfSource
                          ? "SELECT count(DISTINCT subject) FROM attempt WHERE subject <> ?7 AND "
                          : "SELECT count(*) FROM attempt WHERE ";
    sql += in_scope;
    if (!limit.count_right) sql += " AND result <> 2";
    if (limit.since_last_right)
        sql += " AND id >= coalesce((SELECT max(id) FROM attempt WHERE " + in_scope +
               " AND result = 2), 0)";
    return sql;
}

// Guesses at a code are counted since it was issued, by id: times are whole seconds.
AttemptId newest_before_code(SQLite::Database& database, const Attempt& like) {
    Query query{database, "SELECT after_attempt FROM code WHERE recovery = ?1 AND method = ?2"};
    query.with(like.recovery, like.method);
    return query.next() ? query.integer(0) : 0;
}

std::uint32_t counted(SQLite::Database& database, const Attempt& like, const Limit& limit,
                      TimePoint now, std::string_view left_out) {
    const AttemptId after =
        limit.scope == LimitScope::Recovery ? newest_before_code(database, like) : 0;
    Query query{database, counting_sql(limit)};
    query.with(like.subject, like.method, like.recovery, like.source, now - limit.window, after);
    if (limit.scope == LimitScope::SubjectsOfSource) query.with_from(7, left_out);
    return query.next() ? query.count(0) : 0;
}

// A subject that this source has tried before is no further subject.
bool would_exceed(SQLite::Database& database, const Attempt& attempt, const Limit& limit,
                  TimePoint now) {
    if (!binds(limit, attempt)) return false;
    const bool subjects = limit.scope == LimitScope::SubjectsOfSource;
    return counted(database, attempt, limit, now, subjects ? attempt.subject : "") >= limit.at_most;
}

AttemptId record(SQLite::Database& database, const Attempt& attempt, TimePoint now) {
    Query{database,
          "INSERT INTO attempt (subject, source, kind, method, recovery, at, result)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"}
        .with(attempt.subject, attempt.source, attempt.kind, attempt.method, attempt.recovery, now,
              AttemptResult::Pending)
        .run();
    return database.getLastInsertRowid();
}

// Invented names must not fill the disk. One came, one goes: to look for more of them would
// cost an unknown name what a known one does not pay.
void make_room_in_bucket(SQLite::Database& database, const SubjectKey& bucket) {
    Query{database,
          "DELETE FROM attempt WHERE id = (SELECT id FROM attempt"
          " WHERE subject = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)"}
        .with(bucket, kAttemptsPerBucket)
        .run();
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
    for (const Limit& limit : limits)
        if (would_exceed(database, attempt, limit, now)) return {0, false, limit.name};
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
                    return counted(database, like, limit, now, "");
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
