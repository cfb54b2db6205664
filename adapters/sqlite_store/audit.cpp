// SPDX-License-Identifier: MIT
//
// The audit trail is a chain: each row carries a hash over itself and the hash
// before it, so that a row cannot be altered or taken out of the middle without
// rewriting all that follow. Whoever can write the file can do that; the chain
// shows tampering with single rows and damage, not a forger with time.
#include <sodium.h>

#include "adapters/sqlite_store/rows.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey {

namespace {

void mix(crypto_generichash_state& state, std::string_view bytes) {
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()),
                              bytes.size());
}

// Every field stands behind its length, so that no two rows read alike.
void mix_field(crypto_generichash_state& state, std::string_view field) {
    mix(state, std::to_string(field.size()) + ':');
    mix(state, field);
}

Digest link_of(const Digest& before, const AuditRecord& record) {
    crypto_generichash_state state;
    Digest link{};
    crypto_generichash_init(&state, nullptr, 0, link.size());
    crypto_generichash_update(&state, before.data(), before.size());
    mix_field(state, std::to_string(record.at.time_since_epoch().count()));
    mix_field(state, record.event);
    mix_field(state, record.subject);
    mix_field(state, record.detail);
    crypto_generichash_final(&state, link.data(), link.size());
    return link;
}

AuditRecord record_of(Query& query) {
    return {query.time(0), query.text(1), query.text(2), query.text(3)};
}

}  // namespace

void append_audit_row(SQLite::Database& database, const AuditRecord& record) {
    Query newest{database, "SELECT chain FROM audit ORDER BY id DESC LIMIT 1"};
    const Digest before = newest.next() ? newest.digest(0) : Digest{};
    Query{database,
          "INSERT INTO audit (at, event, subject, detail, chain) VALUES (?1, ?2, ?3, ?4, ?5)"}
        .with(record.at, record.event, record.subject, record.detail, link_of(before, record))
        .run();
}

Result<void> SqliteStore::append_audit(const AuditRecord& record) {
    return write(*connection_, "append audit", [&](SQLite::Database& database) -> Result<void> {
        append_audit_row(database, record);
        return {};
    });
}

Result<std::vector<AuditRecord>> SqliteStore::audit(const SubjectKey& subject,
                                                    std::uint32_t newest) {
    using Records = std::vector<AuditRecord>;
    return read(*connection_, "audit", [&](SQLite::Database& database) -> Result<Records> {
        Query query{database,
                    "SELECT at, event, subject, detail FROM audit"
                    " WHERE subject = ?1 ORDER BY id DESC LIMIT ?2"};
        query.with(subject, newest);
        Records found;
        while (query.next()) found.push_back(record_of(query));
        return found;
    });
}

Result<void> SqliteStore::check_audit_chain(const std::string& path) {
    auto connection = Connection::open(path);
    if (!connection) return std::move(connection).error();
    return read(**connection, "audit chain", [](SQLite::Database& database) -> Result<void> {
        Query query{database,
                    "SELECT at, event, subject, detail, chain, id FROM audit ORDER BY id"};
        Digest before{};
        while (query.next()) {
            const Digest expected = link_of(before, record_of(query));
            if (query.digest(4) != expected)
                return Error{ErrorKind::Corrupt,
                             "audit chain: broken at row " + std::to_string(query.integer(5))};
            before = expected;
        }
        return {};
    });
}

}  // namespace latchkey
