// SPDX-License-Identifier: MIT
#include <limits>

#include "adapters/sqlite_store/rows.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey {

Result<std::vector<Contact>> SqliteStore::contacts(const SubjectKey& subject) {
    using Contacts = std::vector<Contact>;
    return read(*connection_, "contacts", [&](SQLite::Database& database) -> Result<Contacts> {
        Query query{database,
                    "SELECT id, method, possession, sealed_address, confirmed_at, usable_from"
                    " FROM contact WHERE subject = ?1 ORDER BY id"};
        query.with(subject);
        Contacts found;
        while (query.next())
            found.push_back({query.integer(0), query.text(1), query.text(2), query.text(3),
                             query.time(4), query.time(5)});
        return found;
    });
}

Result<std::optional<Authenticator>> SqliteStore::authenticator(const SubjectKey& subject) {
    using Found = std::optional<Authenticator>;
    return read(*connection_, "authenticator", [&](SQLite::Database& database) -> Result<Found> {
        Query query{database,
                    "SELECT sealed_key, last_step, confirmed_at, method FROM authenticator"
                    " WHERE subject = ?1"};
        query.with(subject);
        if (!query.next()) return Found{};
        if (query.integer(1) < 0) throw NotOurs{"a negative time step"};
        return Found{Authenticator{query.text(0), static_cast<std::uint64_t>(query.integer(1)),
                                   query.time(2), query.text(3)}};
    });
}

Result<void> SqliteStore::enrol_contact(const SubjectKey& subject, const Contact& contact) {
    return write(*connection_, "enrol contact", [&](SQLite::Database& database) -> Result<void> {
        if (contact.id != 0)
            Query{database, "DELETE FROM contact WHERE id = ?1 AND subject = ?2"}
                .with(contact.id, subject)
                .run();
        Query{database,
              "INSERT INTO contact"
              " (subject, method, possession, sealed_address, confirmed_at, usable_from)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"}
            .with(subject, contact.method, contact.possession, Blob{contact.sealed_address},
                  contact.confirmed_at, contact.usable_from)
            .run();
        return {};
    });
}

Result<void> SqliteStore::enrol_authenticator(const SubjectKey& subject,
                                              const Authenticator& authenticator) {
    if (authenticator.last_step > std::numeric_limits<std::int64_t>::max())
        return Error{ErrorKind::Rejected, "enrol authenticator: step out of range"};
    return write(*connection_, "enrol authenticator",
                 [&](SQLite::Database& database) -> Result<void> {
                     Query{database,
                           "INSERT INTO authenticator"
                           " (subject, sealed_key, last_step, confirmed_at, method)"
                           " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (subject)"
                           " DO UPDATE SET sealed_key = excluded.sealed_key,"
                           " last_step = excluded.last_step, confirmed_at = excluded.confirmed_at,"
                           " method = excluded.method"}
                         .with(subject, Blob{authenticator.sealed_key}, authenticator.last_step,
                               authenticator.confirmed_at, authenticator.method)
                         .run();
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
