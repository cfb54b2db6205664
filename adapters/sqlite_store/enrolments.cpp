// SPDX-License-Identifier: MIT
#include <limits>

#include "adapters/sqlite_store/rows.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey {

void insert_contact(SQLite::Database& database, const SubjectKey& subject, const Contact& contact) {
    Query{database,
          "INSERT INTO contact (subject, method, possession, sealed_address, confirmed_at,"
          " usable_from, gone_from) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"}
        .with(subject, contact.method, contact.possession, Blob{contact.sealed_address},
              contact.confirmed_at, contact.usable_from, contact.gone_from)
        .run();
}

void put_authenticator(SQLite::Database& database, const SubjectKey& subject, bool waits,
                       const Authenticator& authenticator) {
    if (authenticator.last_step > std::numeric_limits<std::int64_t>::max())
        throw NotOurs{"a step out of range"};
    Query{database,
          "INSERT OR REPLACE INTO authenticator (subject, waits, sealed_key, last_step,"
          " confirmed_at, method, usable_from, gone_from)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"}
        .with(subject, waits ? 1 : 0, Blob{authenticator.sealed_key}, authenticator.last_step,
              authenticator.confirmed_at, authenticator.method, authenticator.usable_from,
              authenticator.gone_from)
        .run();
}

Result<std::vector<Contact>> SqliteStore::contacts(const SubjectKey& subject) {
    using Contacts = std::vector<Contact>;
    return read(*connection_, "contacts", [&](SQLite::Database& database) -> Result<Contacts> {
        Query query{database,
                    "SELECT id, method, possession, sealed_address, confirmed_at, usable_from,"
                    " gone_from FROM contact WHERE subject = ?1 ORDER BY id"};
        query.with(subject);
        Contacts found;
        while (query.next())
            found.push_back({query.integer(0), query.text(1), query.text(2), query.text(3),
                             query.time(4), query.time(5), query.time(6)});
        return found;
    });
}

Result<std::vector<Authenticator>> SqliteStore::authenticators(const SubjectKey& subject) {
    using Found = std::vector<Authenticator>;
    return read(*connection_, "authenticators", [&](SQLite::Database& database) -> Result<Found> {
        Query query{database,
                    "SELECT sealed_key, last_step, confirmed_at, method, usable_from, gone_from"
                    " FROM authenticator WHERE subject = ?1 ORDER BY waits"};
        query.with(subject);
        Found found;
        while (query.next()) {
            if (query.integer(1) < 0) throw NotOurs{"a negative time step"};
            found.push_back({query.text(0), static_cast<std::uint64_t>(query.integer(1)),
                             query.time(2), query.text(3), query.time(4), query.time(5)});
        }
        return found;
    });
}

Result<void> SqliteStore::enrol_contact(const SubjectKey& subject, const Contact& contact) {
    return write(*connection_, "enrol contact", [&](SQLite::Database& database) -> Result<void> {
        if (contact.id != 0)
            Query{database, "DELETE FROM contact WHERE id = ?1 AND subject = ?2"}
                .with(contact.id, subject)
                .run();
        insert_contact(database, subject, contact);
        return {};
    });
}

Result<void> SqliteStore::enrol_authenticator(const SubjectKey& subject,
                                              const Authenticator& authenticator) {
    if (authenticator.last_step > std::numeric_limits<std::int64_t>::max())
        return Error{ErrorKind::Rejected, "enrol authenticator: step out of range"};
    return write(
        *connection_, "enrol authenticator", [&](SQLite::Database& database) -> Result<void> {
            Query{database, "DELETE FROM authenticator WHERE subject = ?1"}.with(subject).run();
            put_authenticator(database, subject, false, authenticator);
            return {};
        });
}

Result<std::vector<SubjectKey>> SqliteStore::enrolled_subjects() {
    using Subjects = std::vector<SubjectKey>;
    return read(*connection_, "enrolled", [&](SQLite::Database& database) -> Result<Subjects> {
        Query query{database,
                    "SELECT subject FROM contact UNION SELECT subject FROM authenticator"
                    " ORDER BY subject"};
        Subjects found;
        while (query.next()) found.push_back(query.text(0));
        return found;
    });
}

}  // namespace latchkey
