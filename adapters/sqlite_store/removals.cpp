// SPDX-License-Identifier: MIT
//
// What administrators take away: single ways of recovering, and everything of an account.
#include <algorithm>

#include "adapters/sqlite_store/rows.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey {

namespace {

constexpr const char* kDropUnusedVetoes =
    "DELETE FROM veto WHERE used_at = 0 AND change IN (SELECT id FROM change WHERE subject = ?1)";
constexpr const char* kDropCodes = "DELETE FROM outbox WHERE subject = ?1 AND purpose = 0";

// False if the row is gone, or another by now.
bool drop(SQLite::Database& database, const SubjectKey& subject, const Contact& contact) {
    return Query{database,
                 "DELETE FROM contact WHERE id = ?1 AND subject = ?2 AND sealed_address = ?3"}
               .with(contact.id, subject, Blob{contact.sealed_address})
               .run() == 1;
}
bool drop(SQLite::Database& database, const SubjectKey& subject, const Authenticator& app) {
    return Query{database, "DELETE FROM authenticator WHERE subject = ?1 AND sealed_key = ?2"}
               .with(subject, Blob{app.sealed_key})
               .run() == 1;
}
template <class Row>
bool drop_all(SQLite::Database& database, const SubjectKey& subject, const std::vector<Row>& rows) {
    return std::all_of(rows.begin(), rows.end(),
                       [&](const Row& row) { return drop(database, subject, row); });
}

std::uint32_t number_of(SQLite::Database& database, const char* sql, const SubjectKey& subject) {
    Query query{database, sql};
    query.with(subject);
    return query.next() ? query.count(0) : 0;
}

// What is under way with what is gone: recoveries, whose gates a removed way may have opened; codes
// that wait to be sent; and vetoes that a removed address got. Contact 0 is no row, but a mailbox.
void end_what_is_under_way(SQLite::Database& database, const Removal& removal) {
    end_open_recoveries(database, removal.subject, removal.record.at);
    Query{database, kDropCodes}.with(removal.subject).run();
    for (const Contact& contact : removal.contacts)
        Query{database,
              "DELETE FROM veto WHERE used_at = 0 AND told = ?1"
              " AND change IN (SELECT id FROM change WHERE subject = ?2)"}
            .with(contact.id, removal.subject)
            .run();
}

void queue_all(SQLite::Database& database, const std::vector<OutboxRow>& notices) {
    for (const OutboxRow& notice : notices) queue_message(database, notice, true);
}

}  // namespace

Result<void> SqliteStore::remove_enrolled(const Removal& removal) {
    return write(*connection_, "remove enrolled", [&](SQLite::Database& database) -> Result<void> {
        if (!drop_all(database, removal.subject, removal.contacts) ||
            !drop_all(database, removal.subject, removal.authenticators))
            return Error{ErrorKind::NotFound, "remove enrolled: the row is gone"};
        end_what_is_under_way(database, removal);
        queue_all(database, removal.notices);
        append_audit_row(database, removal.record);
        return {};
    });
}

Result<std::vector<SubjectKey>> SqliteStore::kept_subjects() {
    using Subjects = std::vector<SubjectKey>;
    return read(*connection_, "kept", [&](SQLite::Database& database) -> Result<Subjects> {
        Query query{database,
                    "SELECT subject FROM contact UNION SELECT subject FROM authenticator"
                    " UNION SELECT subject FROM recovery"
                    " UNION SELECT subject FROM outbox WHERE purpose = 0"
                    " UNION SELECT subject FROM change JOIN veto ON veto.change = change.id"
                    " WHERE used_at = 0 ORDER BY subject"};
        Subjects found;
        while (query.next()) {
            SubjectKey subject = query.text(0);
            if (!is_bucket(subject)) found.push_back(std::move(subject));
        }
        return found;
    });
}

Result<KeptRows> SqliteStore::kept_of(const SubjectKey& subject) {
    return read(*connection_, "kept of", [&](SQLite::Database& database) -> Result<KeptRows> {
        const auto number = [&](const char* sql) { return number_of(database, sql, subject); };
        KeptRows kept;
        kept.contacts = number("SELECT count(*) FROM contact WHERE subject = ?1");
        kept.authenticators = number("SELECT count(*) FROM authenticator WHERE subject = ?1");
        kept.recoveries = number("SELECT count(*) FROM recovery WHERE subject = ?1");
        kept.vetoes = number(
            "SELECT count(*) FROM veto JOIN change ON change.id = veto.change"
            " WHERE subject = ?1 AND used_at = 0");
        kept.codes = number("SELECT count(*) FROM outbox WHERE subject = ?1 AND purpose = 0");
        return kept;
    });
}

Result<void> SqliteStore::purge(const std::vector<OutboxRow>& notices, const AuditRecord& record) {
    return write(*connection_, "purge", [&](SQLite::Database& database) -> Result<void> {
        for (const char* sql :
             {"DELETE FROM contact WHERE subject = ?1",
              "DELETE FROM authenticator WHERE subject = ?1",
              "DELETE FROM recovery WHERE subject = ?1",  // its gates and codes go with it
              kDropCodes, kDropUnusedVetoes})
            Query{database, sql}.with(record.subject).run();
        queue_all(database, notices);
        append_audit_row(database, record);
        return {};
    });
}

}  // namespace latchkey
