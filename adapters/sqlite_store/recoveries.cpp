// SPDX-License-Identifier: MIT
#include "adapters/sqlite_store/rows.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey {

namespace {

std::vector<std::string> possessions(SQLite::Database& database, RecoveryId id) {
    Query query{database, "SELECT possession FROM gate WHERE recovery = ?1 ORDER BY attempt"};
    query.with(id);
    std::vector<std::string> names;
    while (query.next()) names.push_back(query.text(0));
    return names;
}

std::vector<Gate> gates(SQLite::Database& database, RecoveryId id) {
    Query query{database,
                "SELECT possession, opened_at, tag FROM gate WHERE recovery = ?1 ORDER BY attempt"};
    query.with(id);
    std::vector<Gate> found;
    while (query.next()) found.push_back({query.text(0), query.time(1), query.digest(2)});
    return found;
}

// Columns as resume() selects them.
ResumedRecovery resumed(SQLite::Database& database, Query& query, const ResumeRequest& request) {
    return {query.integer(0),
            {request.subject, query.truth(1), query.enumerator(2, Reason::ChangeSecurityInfo),
             request.service, request.source, query.count(3), query.time(4), query.time(5)},
            query.is_null(6) ? Digest{} : query.digest(6),  // which fits nothing
            gates(database, query.integer(0))};
}

// The one conditional update that decides who spends the grant.
bool mark_spent(SQLite::Database& database, const Grant& grant) {
    return Query{database,
                 "UPDATE recovery SET spent_at = ?3, resume_code = NULL, tag = NULL"
                 " WHERE id = ?1 AND lease = ?2 AND lease <> ''"
                 " AND spent_at IS NULL AND expires_at > ?3"
                 " AND (SELECT count(*) FROM gate WHERE recovery = ?1) >= max(1, gates_needed)"
                 " AND (SELECT max(opened_at) FROM gate WHERE recovery = ?1) > ?4"}
               .with(grant.recovery, grant.lease, grant.now, grant.not_after_last_proof)
               .run() == 1;
}

}  // namespace

std::optional<SubjectKey> subject_of_living(SQLite::Database& database, RecoveryId id,
                                            TimePoint now) {
    Query query{
        database,
        "SELECT +subject FROM recovery WHERE id = ?1 AND spent_at IS NULL AND expires_at > ?2"};
    query.with(id, now);
    if (!query.next()) return std::nullopt;
    return query.text(0);
}

// A short form, which costs a third of what naming columns and ON CONFLICT does.
void open_gate(SQLite::Database& database, RecoveryId id, const Gate& gate, AttemptId proof) {
    Query{database, "INSERT OR REPLACE INTO gate VALUES (?1, ?2, ?3, ?4, ?5)"}
        .with(id, gate.possession, gate.opened_at, gate.tag, proof)
        .run();
}

Result<StartedRecovery> SqliteStore::start_recovery(const NewRecovery& recovery,
                                                    const std::string& lease,
                                                    std::span<const LimitedAttempt> attempts) {
    return write(
        *connection_, "start recovery", [&](SQLite::Database& database) -> Result<StartedRecovery> {
            StartedRecovery started;
            for (const auto& [attempt, limits] : attempts)
                started.charges.push_back(charged(database, attempt, limits, recovery.opened_at));
            Query{database,
                  "INSERT INTO recovery (subject, deliverable, reason, service, source,"
                  " gates_needed, opened_at, expires_at, lease, lease_until)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"}
                .with(recovery.subject, recovery.deliverable, recovery.reason, recovery.service,
                      recovery.source, recovery.gates_needed, recovery.opened_at,
                      recovery.expires_at, lease, recovery.opened_at + kFirstLease)
                .run();
            started.id = database.getLastInsertRowid();
            return started;
        });
}

Result<void> SqliteStore::set_resume_code(RecoveryId id, const Digest& code, const Digest& tag) {
    return write(*connection_, "set resume code", [&](SQLite::Database& database) -> Result<void> {
        const int changed = Query{database,
                                  "UPDATE recovery SET resume_code = ?2, tag = ?3"
                                  " WHERE id = ?1 AND spent_at IS NULL"}
                                .with(id, code, tag)
                                .run();
        if (changed != 1) return Error{ErrorKind::NotFound, "set resume code: no open recovery"};
        return {};
    });
}

Result<std::optional<ResumedRecovery>> SqliteStore::resume(const ResumeRequest& request) {
    using Found = std::optional<ResumedRecovery>;
    return write(*connection_, "resume", [&](SQLite::Database& database) -> Result<Found> {
        Query query{database,
                    "SELECT id, deliverable, reason, gates_needed, opened_at, expires_at, tag"
                    " FROM recovery"
                    " WHERE subject = ?1 AND service = ?2 AND source = ?3 AND resume_code = ?4"
                    " AND spent_at IS NULL AND expires_at > ?5"
                    " AND (lease = '' OR lease = ?6 OR lease_until <= ?5) ORDER BY id LIMIT 1"};
        query.with(request.subject, request.service, request.source, request.code, request.now,
                   request.lease);
        if (!query.next()) return Found{};
        ResumedRecovery found = resumed(database, query, request);
        Query{database,
              "UPDATE recovery SET resume_code = NULL, tag = NULL, lease = ?2, lease_until = ?3"
              " WHERE id = ?1"}
            .with(found.id, request.lease, request.now + kFirstLease)
            .run();
        return Found{std::move(found)};
    });
}

Result<void> SqliteStore::release(RecoveryId id, const std::string& lease) {
    return write(*connection_, "release", [&](SQLite::Database& database) -> Result<void> {
        Query{database, "UPDATE recovery SET lease = '' WHERE id = ?1 AND lease = ?2"}
            .with(id, lease)
            .run();
        return {};
    });
}

Result<void> SqliteStore::extend_lease(RecoveryId id, const std::string& lease, TimePoint until) {
    return write(*connection_, "extend lease", [&](SQLite::Database& database) -> Result<void> {
        const int changed = Query{database,
                                  "UPDATE recovery SET lease_until = ?3"
                                  " WHERE id = ?1 AND lease = ?2 AND lease <> ''"}
                                .with(id, lease, until)
                                .run();
        if (changed != 1)
            return Error{ErrorKind::NotFound, "extend lease: held by another connection"};
        return {};
    });
}

void end_open_recoveries(SQLite::Database& database, const SubjectKey& subject, TimePoint now) {
    Query{database,
          "UPDATE recovery SET expires_at = ?2, resume_code = NULL, tag = NULL"
          " WHERE subject = ?1 AND spent_at IS NULL AND expires_at > ?2"}
        .with(subject, now)
        .run();
    end_kept_codes(database, subject, now);
}

Result<void> SqliteStore::end_recoveries(const Attempt& denial, const AuditRecord& record) {
    return write(*connection_, "end recoveries", [&](SQLite::Database& database) -> Result<void> {
        end_open_recoveries(database, denial.subject, record.at);
        (void)charged(database, denial, {}, record.at);
        append_audit_row(database, record);
        return {};
    });
}

Result<bool> SqliteStore::spend_grant(const Grant& grant) {
    return write(*connection_, "spend grant", [&](SQLite::Database& database) -> Result<bool> {
        if (!mark_spent(database, grant)) return false;
        Query query{database, "SELECT subject, deliverable FROM recovery WHERE id = ?1"};
        query.with(grant.recovery);
        if (!query.next()) throw NotOurs{"a recovery that vanished"};
        for (const OutboxRow& notice : grant.notices)
            queue_message(database, notice, query.truth(1));
        end_kept_codes(database, query.text(0), grant.now);
        if (!grant.vetoes.empty())
            insert_change(database, query.text(0),
                          {0, ChangeKind::Recovery, {}, 0, grant.now, grant.now + kDeniable},
                          grant.vetoes);
        append_audit_row(database,
                         {grant.now, grant.audit_event, query.text(0), grant.audit_detail});
        return true;
    });
}

Result<std::vector<std::string>> SqliteStore::open_gates(RecoveryId id) {
    return read(*connection_, "open gates",
                [&](SQLite::Database& database) -> Result<std::vector<std::string>> {
                    return possessions(database, id);
                });
}

}  // namespace latchkey
