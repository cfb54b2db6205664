// SPDX-License-Identifier: MIT
#include <algorithm>
#include <limits>
#include <variant>

#include "adapters/sqlite_store/many_rows.hpp"
#include "adapters/sqlite_store/rows.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey {

namespace {

constexpr std::uint64_t kLargestStep = std::numeric_limits<std::int64_t>::max();

constexpr const char* kAddContact =
    "INSERT INTO contact (subject, method, possession, sealed_address, confirmed_at, usable_from,"
    " gone_from)";
constexpr const char* kChangeContact =
    "UPDATE contact SET method = ?3, possession = ?4, sealed_address = ?5, confirmed_at = ?6,"
    " usable_from = ?7, gone_from = ?8 WHERE id = ?1 AND subject = ?2";
constexpr const char* kPutAuthenticator =
    "INSERT OR REPLACE INTO authenticator (subject, waits, sealed_key, last_step, confirmed_at,"
    " method, usable_from, gone_from) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
// What waited beside the one that root replaces.
constexpr const char* kDropWaiting = "DELETE FROM authenticator WHERE subject = ?1 AND waits = 1";

struct ContactRow {
    const SubjectKey& subject;
    const Contact& contact;
};
void bind_contact(Query& add, int first, const ContactRow& row) {
    const Contact& contact = row.contact;
    add.with_from(first, Lent{row.subject}, Lent{contact.method}, Lent{contact.possession},
                  Blob{contact.sealed_address}, contact.confirmed_at, contact.usable_from,
                  contact.gone_from);
}

void bind_authenticator(Query& put, const SubjectKey& subject, bool waits,
                        const Authenticator& app) {
    put.with(subject, waits ? 1 : 0, Blob{app.sealed_key}, app.last_step, app.confirmed_at,
             app.method, app.usable_from, app.gone_from);
}

struct TrailEntry {
    const AuditRecord& record;
    Digest chain;
};
void bind_record(Query& append, int first, const TrailEntry& entry) {
    const AuditRecord& record = entry.record;
    append.with_from(first, record.at, Lent{record.event}, Lent{record.subject},
                     Lent{record.detail}, entry.chain);
}

// Statements that are prepared once for all the rows, which outlive it.
class Enroller {
public:
    explicit Enroller(SQLite::Database& database)
        : add_contacts_(database, kAddContact, 7, bind_contact),
          change_contact_(database, kChangeContact),
          put_authenticator_(database, kPutAuthenticator),
          drop_waiting_(database, kDropWaiting),
          chain_(database),
          trail_(database, kAppendAudit, 5, bind_record) {}

    void enrol(const Enrolment& enrolment) {
        if (const auto* contact = std::get_if<Contact>(&enrolment.what))
            put(enrolment.subject, *contact);
        else
            put(enrolment.subject, std::get<Authenticator>(enrolment.what),
                enrolment.keeps_waiting);
        trail_.add({enrolment.record, chain_.append(enrolment.record)});
    }
    void finish() {
        add_contacts_.finish();
        trail_.finish();
    }

private:
    void put(const SubjectKey& subject, const Contact& contact) {
        if (contact.id != 0) {
            change_contact_.with(contact.id, subject, contact.method, contact.possession,
                                 Blob{contact.sealed_address}, contact.confirmed_at,
                                 contact.usable_from, contact.gone_from);
            if (change_contact_.run_again() == 1) return;
        }
        add_contacts_.add({subject, contact});
    }
    void put(const SubjectKey& subject, const Authenticator& app, bool keeps_waiting) {
        if (!keeps_waiting) drop_waiting_.with(subject).run_again();
        bind_authenticator(put_authenticator_, subject, false, app);
        put_authenticator_.run_again();
    }

    ManyRows<ContactRow> add_contacts_;
    Query change_contact_;
    Query put_authenticator_;
    Query drop_waiting_;
    AuditChain chain_;
    ManyRows<TrailEntry> trail_;
};

bool is_step_in_range(const Enrolment& enrolment) {
    const auto* app = std::get_if<Authenticator>(&enrolment.what);
    return app == nullptr || app->last_step <= kLargestStep;
}

}  // namespace

void insert_contact(SQLite::Database& database, const SubjectKey& subject, const Contact& contact) {
    Query add{database, std::string{kAddContact} + " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
    bind_contact(add, 1, {subject, contact});
    add.run();
}

void put_authenticator(SQLite::Database& database, const SubjectKey& subject, bool waits,
                       const Authenticator& authenticator) {
    if (authenticator.last_step > kLargestStep) throw NotOurs{"a step out of range"};
    Query put{database, kPutAuthenticator};
    bind_authenticator(put, subject, waits, authenticator);
    put.run();
}

// "+": of a column as such SQLite copies the names of its table and database, too, which costs a
// tenth of the statement. To sort a handful of rows here is cheaper than ORDER BY.
Result<std::vector<Contact>> SqliteStore::contacts(const SubjectKey& subject) {
    using Contacts = std::vector<Contact>;
    return read(*connection_, "contacts", [&](SQLite::Database& database) -> Result<Contacts> {
        Query query{database,
                    "SELECT +id, +method, +possession, +sealed_address, +confirmed_at,"
                    " +usable_from, +gone_from FROM contact WHERE subject = ?1"};
        query.with(subject);
        Contacts found;
        while (query.next())
            found.push_back({query.integer(0), query.text(1), query.text(2), query.text(3),
                             query.time(4), query.time(5), query.time(6)});
        std::sort(found.begin(), found.end(),
                  [](const Contact& a, const Contact& b) { return a.id < b.id; });
        return found;
    });
}

Result<std::vector<Authenticator>> SqliteStore::authenticators(const SubjectKey& subject) {
    using Found = std::vector<Authenticator>;
    return read(*connection_, "authenticators", [&](SQLite::Database& database) -> Result<Found> {
        Query query{
            database,
            "SELECT +sealed_key, +last_step, +confirmed_at, +method, +usable_from, +gone_from,"
            " +waits FROM authenticator WHERE subject = ?1"};
        query.with(subject);
        Found found;
        while (query.next()) {
            if (query.integer(1) < 0) throw NotOurs{"a negative time step"};
            // The one that counts before the one that waits.
            found.insert(query.truth(6) ? found.end() : found.begin(),
                         {query.text(0), static_cast<std::uint64_t>(query.integer(1)),
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
    if (authenticator.last_step > kLargestStep)
        return Error{ErrorKind::Rejected, "enrol authenticator: step out of range"};
    return write(
        *connection_, "enrol authenticator", [&](SQLite::Database& database) -> Result<void> {
            Query{database, "DELETE FROM authenticator WHERE subject = ?1"}.with(subject).run();
            put_authenticator(database, subject, false, authenticator);
            return {};
        });
}

Result<void> SqliteStore::enrol_all(std::span<const Enrolment> enrolments,
                                    std::span<const OutboxRow> notices) {
    if (!std::all_of(enrolments.begin(), enrolments.end(), is_step_in_range))
        return Error{ErrorKind::Rejected, "enrol all: step out of range"};
    return write(*connection_, "enrol all", [&](SQLite::Database& database) -> Result<void> {
        Enroller enroller{database};
        for (const Enrolment& enrolment : enrolments) enroller.enrol(enrolment);
        MessageQueue queue{database};
        for (const OutboxRow& notice : notices) queue.add(notice, true);
        enroller.finish();
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
