// SPDX-License-Identifier: MIT
//
// What owners change of their security info, and the vetoes of those who were told.
#include <algorithm>

#include "adapters/sqlite_store/rows.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey {

namespace {

// Columns as the two queries below select them.
Change change_of(Query& query) {
    Change change;
    change.id = query.integer(0);
    change.kind = query.enumerator(1, ChangeKind::Unlock);
    change.method = query.text(2);
    change.contact = query.integer(3);
    change.at = query.time(4);
    change.final_at = query.time(5);
    change.ended_at = query.time(6);
    return change;
}

// False if the row is gone, or another by now.
bool write_again(SQLite::Database& database, const SubjectKey& subject,
                 const ChangedContact& changed) {
    const Contact& contact = changed.row;
    return Query{database,
                 "UPDATE contact SET sealed_address = ?3, confirmed_at = ?4, usable_from = ?5,"
                 " gone_from = ?6 WHERE id = ?1 AND subject = ?2 AND sealed_address = ?7"}
               .with(contact.id, subject, Blob{contact.sealed_address}, contact.confirmed_at,
                     contact.usable_from, contact.gone_from, Blob{changed.sealed_before})
               .run() == 1;
}
bool write_again(SQLite::Database& database, const SubjectKey& subject,
                 const ChangedAuthenticator& changed) {
    const Authenticator& app = changed.row;
    return Query{database,
                 "UPDATE authenticator SET sealed_key = ?2, usable_from = ?3, gone_from = ?4"
                 " WHERE subject = ?1 AND sealed_key = ?5"}
               .with(subject, Blob{app.sealed_key}, app.usable_from, app.gone_from,
                     Blob{changed.sealed_before})
               .run() == 1;
}
template <class Changed>
bool write_all_again(SQLite::Database& database, const SubjectKey& subject,
                     const std::vector<Changed>& rows) {
    return std::all_of(rows.begin(), rows.end(),
                       [&](const Changed& row) { return write_again(database, subject, row); });
}

// The one that waited and counts by now takes its place.
void promote_authenticator(SQLite::Database& database, const SubjectKey& subject, TimePoint now) {
    Query waiting{database,
                  "SELECT 1 FROM authenticator WHERE subject = ?1 AND waits = 1"
                  " AND usable_from <= ?2"};
    if (!waiting.with(subject, now).next()) return;
    Query{database, "DELETE FROM authenticator WHERE subject = ?1 AND waits = 0"}
        .with(subject)
        .run();
    Query{database, "UPDATE authenticator SET waits = 0 WHERE subject = ?1"}.with(subject).run();
}

Error gone(const char* what) {
    return {ErrorKind::NotFound, std::string{what} + ": the row is gone"};
}

bool is_frozen(SQLite::Database& database, const RecordedChange& recorded) {
    if (!is_of_ways(recorded.change.kind)) return false;
    Query frozen{database,
                 "SELECT 1 FROM change WHERE subject = ?1 AND kind = ?2 AND final_at > ?3"};
    return frozen.with(recorded.subject, ChangeKind::Frozen, recorded.change.at).next();
}

bool has_room(SQLite::Database& database, const RecordedChange& recorded) {
    Query there{database,
                "SELECT count(*) FROM contact WHERE subject = ?1"
                " AND (gone_from = 0 OR gone_from > ?2)"};
    return there.with(recorded.subject, recorded.change.at).next() &&
           there.count(0) < recorded.most_contacts;
}

// The id of the contact that the change is about.
Result<std::int64_t> write_enrolments(SQLite::Database& database, const RecordedChange& recorded) {
    const SubjectKey& subject = recorded.subject;
    if (is_frozen(database, recorded))
        return Error{ErrorKind::Rejected, "record change: frozen by a veto"};
    promote_authenticator(database, subject, recorded.change.at);
    if (!write_all_again(database, subject, recorded.contacts) ||
        !write_all_again(database, subject, recorded.authenticators))
        return gone("record change");
    if (recorded.added_authenticator)
        put_authenticator(database, subject, true, *recorded.added_authenticator);
    if (!recorded.added_contact) return recorded.change.contact;
    if (!has_room(database, recorded))
        return Error{ErrorKind::Rejected, "record change: as many addresses as may be"};
    insert_contact(database, subject, *recorded.added_contact);
    return database.getLastInsertRowid();
}

void queue_all(SQLite::Database& database, const std::vector<OutboxRow>& notices) {
    for (const OutboxRow& notice : notices) queue_message(database, notice, true);
}

// It ends, and what it had added goes.
void end_change(SQLite::Database& database, const EndedChanges& ended, const Change& change) {
    const bool stood =
        Query{database,
              "UPDATE change SET ended_at = ?3 WHERE id = ?1 AND subject = ?2 AND ended_at = 0"}
            .with(change.id, ended.subject, ended.now)
            .run() == 1;
    if (stood && change.kind == ChangeKind::AddedContact)
        Query{database, "DELETE FROM contact WHERE id = ?1 AND subject = ?2"}
            .with(change.contact, ended.subject)
            .run();
    if (stood && change.kind == ChangeKind::AddedAuthenticator)
        Query{database,
              "DELETE FROM authenticator WHERE subject = ?1 AND waits = 1 AND usable_from > ?2"}
            .with(ended.subject, ended.now)
            .run();
}

bool mark_used(SQLite::Database& database, const UsedVeto& used) {
    return Query{database,
                 "UPDATE veto SET used_at = ?3 WHERE change = ?1 AND told = ?2 AND used_at = 0"
                 " AND EXISTS (SELECT 1 FROM change WHERE id = ?1 AND subject = ?4"
                 " AND ended_at = 0 AND final_at > ?3)"}
               .with(used.change.id, used.told, used.now, used.subject)
               .run() == 1;
}

Result<void> end_all(SQLite::Database& database, const EndedChanges& ended, const char* what) {
    // First: one of the rows may be what an ended change had added.
    if (!write_all_again(database, ended.subject, ended.contacts) ||
        !write_all_again(database, ended.subject, ended.authenticators))
        return gone(what);
    for (const Change& change : ended.changes) end_change(database, ended, change);
    if (ended.freezes)
        insert_change(database, ended.subject,
                      {0, ChangeKind::Frozen, {}, 0, ended.now, ended.now + kFrozen}, {});
    queue_all(database, ended.notices);
    append_audit_row(database, {ended.now, ended.audit_event, ended.subject, ended.audit_detail});
    return {};
}

}  // namespace

void insert_change(SQLite::Database& database, const SubjectKey& subject, const Change& change,
                   const std::vector<Veto>& vetoes) {
    Query{database,
          "INSERT INTO change (subject, kind, method, contact, at, final_at, ended_at)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"}
        .with(subject, change.kind, change.method, change.contact, change.at, change.final_at,
              change.ended_at)
        .run();
    const std::int64_t id = database.getLastInsertRowid();
    for (const Veto& veto : vetoes)
        Query{database, "INSERT INTO veto (change, told, code, used_at) VALUES (?1, ?2, ?3, 0)"}
            .with(id, veto.told, veto.code)
            .run();
}

Result<void> SqliteStore::record_change(const RecordedChange& recorded) {
    return write(*connection_, "record change", [&](SQLite::Database& database) -> Result<void> {
        Change change = recorded.change;
        const auto about = write_enrolments(database, recorded);
        if (!about) return Error{about.error()};
        change.contact = *about;
        insert_change(database, recorded.subject, change, recorded.vetoes);
        if (recorded.denied_from) {
            end_open_recoveries(database, recorded.subject, change.at);
            (void)charged(database, {recorded.subject, *recorded.denied_from, AttemptKind::Denial},
                          {}, change.at);
        }
        queue_all(database, recorded.notices);
        append_audit_row(
            database, {change.at, recorded.audit_event, recorded.subject, recorded.audit_detail});
        return {};
    });
}

Result<std::vector<Change>> SqliteStore::changes(const SubjectKey& subject, TimePoint since) {
    using Changes = std::vector<Change>;
    return read(*connection_, "changes", [&](SQLite::Database& database) -> Result<Changes> {
        Query query{database,
                    "SELECT id, kind, method, contact, at, final_at, ended_at FROM change"
                    " WHERE subject = ?1 AND at > ?2 ORDER BY id DESC"};
        query.with(subject, since);
        Changes found;
        while (query.next()) found.push_back(change_of(query));
        return found;
    });
}

Result<std::optional<FoundVeto>> SqliteStore::find_veto(const SubjectKey& subject,
                                                        const Digest& code, TimePoint now) {
    using Found = std::optional<FoundVeto>;
    return read(*connection_, "find veto", [&](SQLite::Database& database) -> Result<Found> {
        Query query{database,
                    "SELECT change.id, kind, method, contact, at, final_at, ended_at, told"
                    " FROM veto JOIN change ON change.id = veto.change"
                    " WHERE subject = ?1 AND code = ?2 AND used_at = 0 AND ended_at = 0"
                    " AND final_at > ?3"};
        query.with(subject, code, now);
        if (!query.next()) return Found{};
        FoundVeto found{change_of(query), query.integer(7), false};
        found.used_lately =
            Query{database,
                  "SELECT 1 FROM veto JOIN change ON change.id = veto.change"
                  " WHERE subject = ?1 AND told = ?2 AND used_at > ?3 AND kind <> ?4"}
                .with(subject, found.told, now - kVetoesRemembered, ChangeKind::Unlock)
                .next();
        return Found{std::move(found)};
    });
}

Result<bool> SqliteStore::use_veto(const UsedVeto& used) {
    return write(*connection_, "use veto", [&](SQLite::Database& database) -> Result<bool> {
        if (!mark_used(database, used)) return false;
        if (auto ended = end_all(database, used, "use veto"); !ended)
            return std::move(ended).error();
        if (used.ends_change) end_change(database, used, used.change);
        if (used.ends_recoveries) end_open_recoveries(database, used.subject, used.now);
        return true;
    });
}

Result<void> SqliteStore::end_changes(const EndedChanges& ended) {
    return write(*connection_, "end changes", [&](SQLite::Database& database) {
        return end_all(database, ended, "end changes");
    });
}

}  // namespace latchkey
