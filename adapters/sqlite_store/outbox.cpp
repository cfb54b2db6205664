// SPDX-License-Identifier: MIT
#include "adapters/sqlite_store/rows.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey {

namespace {

Error gone(const char* what) {
    return {ErrorKind::NotFound, std::string{what} + ": the row is gone"};
}

OutboxRow row_of(Query& query) {
    OutboxRow row;
    row.id = query.integer(0);
    row.subject = query.text(1);
    row.method = query.text(2);
    row.purpose = query.enumerator(3, OutboxPurpose::BulkNotice);
    row.sealed = query.text(4);
    row.due_at = query.time(5);
    row.expires_at = query.time(6);
    row.tries = query.count(7);
    return row;
}

}  // namespace

MessageQueue::MessageQueue(SQLite::Database& database)
    : insert_(database,
              "INSERT INTO outbox (subject, method, purpose, sealed, queued_for, due_at,"
              " expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)") {}

void MessageQueue::add(const OutboxRow& row, bool deliverable) {
    insert_
        .with(row.subject, row.method, row.purpose,
              Blob{deliverable ? std::string_view{row.sealed} : std::string_view{}}, row.due_at,
              row.expires_at)
        .run_again();
}

void queue_message(SQLite::Database& database, const OutboxRow& row, bool deliverable) {
    MessageQueue{database}.add(row, deliverable);
}

Result<void> SqliteStore::queue_messages(const std::vector<OutboxRow>& messages,
                                         const AuditRecord& record) {
    return write(*connection_, "queue messages", [&](SQLite::Database& database) -> Result<void> {
        for (const OutboxRow& message : messages) queue_message(database, message, true);
        append_audit_row(database, record);
        return {};
    });
}

Result<std::vector<OutboxRow>> SqliteStore::claim_due(TimePoint now, TimePoint lease_until,
                                                      std::uint32_t at_most) {
    using Rows = std::vector<OutboxRow>;
    return write(*connection_, "claim outbox", [&](SQLite::Database& database) -> Result<Rows> {
        Query due{database,
                  "SELECT id, subject, method, purpose, sealed, due_at, expires_at, tries"
                  " FROM outbox WHERE due_at <= ?1 AND lease_until <= ?1"
                  " ORDER BY purpose = 2, tries > 0, purpose, due_at, id LIMIT ?2"};
        due.with(now, at_most);
        Rows rows;
        while (due.next()) rows.push_back(row_of(due));
        for (const OutboxRow& row : rows)
            Query{database, "UPDATE outbox SET lease_until = ?2, tries = tries + 1 WHERE id = ?1"}
                .with(row.id, lease_until)
                .run();
        return rows;
    });
}

Result<void> SqliteStore::finish_delivery(std::int64_t row, std::string_view result,
                                          TimePoint now) {
    return write(*connection_, "finish delivery", [&](SQLite::Database& database) -> Result<void> {
        Query query{database,
                    "SELECT subject, method, purpose, length(sealed) FROM outbox WHERE id = ?1"};
        query.with(row);
        if (!query.next()) return gone("finish delivery");
        const SubjectKey subject = query.text(0);
        const bool is_code = query.enumerator(2, OutboxPurpose::BulkNotice) == OutboxPurpose::Code;
        const bool was_to_be_sent = query.integer(3) > 0;
        const std::string detail = std::string{is_code ? "code by " : "notice by "} +
                                   query.text(1) + ": " + std::string{result};
        Query{database, "DELETE FROM outbox WHERE id = ?1"}.with(row).run();
        // What was never sent is no event, and strangers must not fill the disk.
        if (!is_bucket(subject) && was_to_be_sent)
            append_audit_row(database, {now, "delivery", subject, detail});
        return {};
    });
}

Result<void> SqliteStore::postpone_delivery(std::int64_t row, TimePoint due_at) {
    return write(
        *connection_, "postpone delivery", [&](SQLite::Database& database) -> Result<void> {
            const int changed =
                Query{database, "UPDATE outbox SET due_at = ?2, lease_until = 0 WHERE id = ?1"}
                    .with(row, due_at)
                    .run();
            if (changed != 1) return gone("postpone delivery");
            return {};
        });
}

Result<std::optional<TimePoint>> SqliteStore::oldest_due(TimePoint now) {
    using Oldest = std::optional<TimePoint>;
    return read(*connection_, "oldest due", [&](SQLite::Database& database) -> Result<Oldest> {
        Query query{database, "SELECT min(queued_for) FROM outbox WHERE queued_for <= ?1"};
        query.with(now);
        if (!query.next() || query.is_null(0)) return Oldest{};
        return Oldest{query.time(0)};
    });
}

}  // namespace latchkey
