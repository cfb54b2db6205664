// SPDX-License-Identifier: MIT
//
// The audit trail is a chain: each row carries a hash over itself and the hash
// before it, so that a row cannot be altered or taken out of the middle without
// rewriting all that follow. Whoever can write the file can do that; the chain
// shows tampering with single rows and damage, not a forger with time.
#include <sodium.h>

#include <utility>

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

AuditChain::AuditChain(SQLite::Database& database) {
    Query newest{database, "SELECT chain FROM audit ORDER BY id DESC LIMIT 1"};
    if (newest.next()) newest_ = newest.digest(0);
}

const Digest& AuditChain::append(const AuditRecord& record) {
    newest_ = link_of(newest_, record);
    return newest_;
}

void append_audit_row(SQLite::Database& database, const AuditRecord& record) {
    AuditChain chain{database};
    Query{database, std::string{kAppendAudit} + " VALUES (?1, ?2, ?3, ?4, ?5)"}
        .with(record.at, record.event, record.subject, record.detail, chain.append(record))
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

Result<TrailPage> SqliteStore::audit_trail(std::int64_t after, std::uint32_t at_most) {
    return read(*connection_, "audit trail", [&](SQLite::Database& database) -> Result<TrailPage> {
        // One state of the file for all three questions.
        const SQLite::Transaction snapshot{database};
        TrailPage page;
        Query given{database, "SELECT seq FROM sqlite_sequence WHERE name = 'audit'"};
        if (given.next()) page.last_id = given.integer(0);
        Query before{database, "SELECT chain FROM audit WHERE id <= ?1 ORDER BY id DESC LIMIT 1"};
        before.with(after);
        // As it is stored: a row that was altered is told, not all that follow it.
        Digest link = before.next() ? before.digest(0) : Digest{};
        Query query{database,
                    "SELECT at, event, subject, detail, chain, id FROM audit"
                    " WHERE id > ?1 ORDER BY id LIMIT ?2"};
        query.with(after, at_most);
        while (query.next()) {
            AuditRecord record = record_of(query);
            const bool is_linked = query.digest(4) == link_of(link, record);
            link = query.digest(4);
            page.rows.push_back({query.integer(5), std::move(record), is_linked});
        }
        return page;
    });
}

}  // namespace latchkey
