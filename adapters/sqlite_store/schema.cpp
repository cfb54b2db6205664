// SPDX-License-Identifier: MIT
#include "adapters/sqlite_store/schema.hpp"

#include "adapters/sqlite_store/query.hpp"

namespace latchkey {

namespace {

constexpr std::int64_t kApplicationId = 0x6c6b6579;  // "lkey", in the file's header
constexpr std::int64_t kVersion = 1;
// A commit writes whole pages, and changes a row or two in each of seven: docs/adr/0026.
constexpr const char* kSmallPages = "PRAGMA page_size = 512";

// Times are seconds since 1970. Enums are stored as their numbers in
// core/ports/store.hpp and core/recovery.hpp, which therefore never change.
// AUTOINCREMENT: an id is never used twice, also after prune().
constexpr const char* kTables = R"sql(
CREATE TABLE attempt (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    subject  TEXT    NOT NULL,
    source   TEXT    NOT NULL,
    kind     INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 11),
    method   TEXT    NOT NULL,
    recovery INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    result   INTEGER NOT NULL CHECK (result BETWEEN 0 AND 2)
) STRICT;
CREATE INDEX attempt_of_subject  ON attempt (subject, kind, at);
-- Guesses at codes (2) and apps (3) are counted of accounts and never of sources, and of a
-- recovery only those at codes: each index fewer is a page fewer to write for one of them.
CREATE INDEX attempt_of_source   ON attempt (source, kind, at) WHERE kind NOT BETWEEN 2 AND 3;
CREATE INDEX attempt_of_recovery ON attempt (recovery, method) WHERE kind = 2;
CREATE INDEX attempt_at          ON attempt (at);

CREATE TABLE recovery (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    subject      TEXT    NOT NULL,
    deliverable  INTEGER NOT NULL CHECK (deliverable BETWEEN 0 AND 1),
    reason       INTEGER NOT NULL,
    service      TEXT    NOT NULL,
    source       TEXT    NOT NULL,
    gates_needed INTEGER NOT NULL,
    opened_at    INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    resume_code  BLOB,                 -- a digest; NULL: none, or used up
    tag          BLOB,                 -- over what decides and the resume code; NULL without one
    lease        TEXT    NOT NULL,     -- empty: no connection holds it
    lease_until  INTEGER NOT NULL,
    spent_at     INTEGER               -- when its one grant was spent
) STRICT;
CREATE INDEX recovery_of_subject ON recovery (subject);
CREATE INDEX recovery_expires_at ON recovery (expires_at);

CREATE TABLE gate (
    recovery   INTEGER NOT NULL REFERENCES recovery (id) ON DELETE CASCADE,
    possession TEXT    NOT NULL,
    opened_at  INTEGER NOT NULL,       -- the newest proof
    tag        BLOB    NOT NULL,       -- who wrote it held the account's key; its length is checked where it is read
    attempt    INTEGER NOT NULL,       -- the newest proof's
    PRIMARY KEY (recovery, possession) -- one possession never opens two gates
) STRICT, WITHOUT ROWID;

CREATE TABLE code (
    recovery      INTEGER NOT NULL REFERENCES recovery (id) ON DELETE CASCADE,
    method        TEXT    NOT NULL,
    digest        BLOB    NOT NULL CHECK (length(digest) = 32),
    sent_to       BLOB    NOT NULL CHECK (length(sent_to) = 32),
    issued_at     INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    after_attempt INTEGER NOT NULL,    -- the newest attempt when it was issued
    used_at       INTEGER,
    PRIMARY KEY (recovery, method)
) STRICT;
CREATE INDEX code_expires_at ON code (expires_at);

CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    subject     TEXT    NOT NULL,
    method      TEXT    NOT NULL,
    purpose     INTEGER NOT NULL CHECK (purpose BETWEEN 0 AND 2),
    sealed      BLOB    NOT NULL,      -- empty: nothing is sent
    queued_for  INTEGER NOT NULL,      -- when it should have left; due_at moves with every try
    due_at      INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_due_at ON outbox (due_at);

CREATE TABLE channel_health (
    channel       TEXT    PRIMARY KEY NOT NULL,
    begun_at      INTEGER NOT NULL,    -- the newest probe, also one without a result
    probed_at     INTEGER NOT NULL,    -- the newest result; 0: none yet
    failing_since INTEGER NOT NULL,
    failures      INTEGER NOT NULL CHECK (failures >= 0) -- in a row
) STRICT;

CREATE TABLE contact (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    subject        TEXT    NOT NULL,
    method         TEXT    NOT NULL,
    possession     TEXT    NOT NULL,
    sealed_address BLOB    NOT NULL,
    confirmed_at   INTEGER NOT NULL,
    usable_from    INTEGER NOT NULL,
    gone_from      INTEGER NOT NULL    -- 0: it stays
) STRICT;
CREATE INDEX contact_of_subject ON contact (subject);

CREATE TABLE authenticator (
    subject      TEXT    NOT NULL,
    waits        INTEGER NOT NULL CHECK (waits BETWEEN 0 AND 1), -- beside the one that counts
    sealed_key   BLOB    NOT NULL,
    last_step    INTEGER NOT NULL,
    confirmed_at INTEGER NOT NULL,
    method       TEXT    NOT NULL,
    usable_from  INTEGER NOT NULL,
    gone_from    INTEGER NOT NULL,     -- 0: it stays
    PRIMARY KEY (subject, waits)
) STRICT;

CREATE TABLE change (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    subject  TEXT    NOT NULL,
    kind     INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 10),
    method   TEXT    NOT NULL,
    contact  INTEGER NOT NULL,         -- the row it is about, which may be gone; 0: none
    at       INTEGER NOT NULL,
    final_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL          -- by a veto; 0: it stands
) STRICT;
CREATE INDEX change_of_subject ON change (subject, at);

CREATE TABLE veto (
    change  INTEGER NOT NULL REFERENCES change (id) ON DELETE CASCADE,
    told    INTEGER NOT NULL,          -- the contact; 0: the mailbox of the account
    code    BLOB    NOT NULL CHECK (length(code) = 32), -- a digest
    used_at INTEGER NOT NULL,          -- 0: unused
    PRIMARY KEY (change, told)
) STRICT;

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    event   TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    detail  TEXT    NOT NULL,
    chain   BLOB    NOT NULL CHECK (length(chain) = 32) -- over this row and the chain before it
) STRICT;
CREATE INDEX audit_of_subject ON audit (subject, id);
)sql";

std::int64_t number(SQLite::Database& database, const char* sql) {
    return database.execAndGet(sql).getInt64();
}

std::int64_t version(SQLite::Database& database) {
    return number(database, "PRAGMA user_version");
}

bool is_wal(SQLite::Database& database) {
    return database.execAndGet("PRAGMA journal_mode").getString() == "wal";
}

bool is_empty(SQLite::Database& database) {
    return version(database) == 0 && number(database, "SELECT count(*) FROM sqlite_schema") == 0;
}

// Precondition: the caller's turn to write. WAL first: it cannot be set within a
// transaction, and a crash between the two leaves a file that is still empty.
void create(SQLite::Database& database) {
    SQLite::Transaction transaction{database, SQLite::TransactionBehavior::IMMEDIATE};
    database.exec(kTables);
    database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
    database.exec("PRAGMA user_version = " + std::to_string(kVersion));
    transaction.commit();
}

}  // namespace

Result<void> prepare_schema(Connection& connection) {
    try {
        SQLite::Database& database = connection.database();
        connection.start_waiting();
        if (is_empty(database) || !is_wal(database)) {
            const auto turn = connection.wait_for_turn();
            if (!turn) return turn.error();
            // Another process may have been faster. A file that came back from a
            // copy may have lost WAL, which is a property of the file.
            if (is_empty(database)) database.exec(kSmallPages);  // fixed by WAL's first page
            if (!is_wal(database)) database.exec("PRAGMA journal_mode = WAL");
            if (!is_wal(database)) return Error{ErrorKind::Unavailable, "WAL is not possible here"};
            if (is_empty(database)) create(database);
        }
        if (number(database, "PRAGMA application_id") != kApplicationId)
            return Error{ErrorKind::Corrupt, "not a store of latchkey"};
        const std::int64_t found = version(database);
        if (found > kVersion)
            return Error{ErrorKind::Misconfigured, "written by a newer latchkey (format " +
                                                       std::to_string(found) + ", this one knows " +
                                                       std::to_string(kVersion) +
                                                       "); install that version again"};
        if (found != kVersion) return Error{ErrorKind::Corrupt, "unknown format"};
        return {};
    } catch (...) {
        return error_in_flight("schema");
    }
}

}  // namespace latchkey
