// SPDX-License-Identifier: MIT
#include "adapters/sqlite_store/query.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey {

namespace {

constexpr const char* kColumns =
    "SELECT channel, begun_at, probed_at, failing_since, failures FROM channel_health";

ChannelHealth health_in(Query& query) {
    return {query.text(0), query.time(1), query.time(2), query.time(3), query.count(4)};
}

// Of a channel that was never probed there is a row of zeros.
ChannelHealth health_of(SQLite::Database& database, const std::string& channel) {
    Query query{database, std::string{kColumns} + " WHERE channel = ?1"};
    query.with(channel);
    return query.next() ? health_in(query) : ChannelHealth{channel, {}, {}, {}, 0};
}

void keep(SQLite::Database& database, const ChannelHealth& health) {
    Query{database,
          "INSERT OR REPLACE INTO channel_health"
          " (channel, begun_at, probed_at, failing_since, failures) VALUES (?1, ?2, ?3, ?4, ?5)"}
        .with(health.channel, health.begun_at, health.probed_at, health.failing_since,
              health.failures)
        .run();
}

}  // namespace

Result<bool> SqliteStore::begin_probe(const std::string& channel, TimePoint now) {
    return write(*connection_, "begin probe", [&](SQLite::Database& database) -> Result<bool> {
        ChannelHealth health = health_of(database, channel);
        if (!may_be_probed(health, now)) return false;
        health.begun_at = now;
        keep(database, health);
        return true;
    });
}

Result<void> SqliteStore::record_probe(const std::string& channel, bool works, TimePoint now) {
    return write(*connection_, "record probe", [&](SQLite::Database& database) -> Result<void> {
        const ChannelHealth health = health_of(database, channel);
        if (health.begun_at == TimePoint{})
            return Error{ErrorKind::NotFound, "record probe: none was begun"};
        keep(database, after_probe(health, works, now));
        return {};
    });
}

Result<std::vector<ChannelHealth>> SqliteStore::channel_health() {
    using All = std::vector<ChannelHealth>;
    return read(*connection_, "channel health", [&](SQLite::Database& database) -> Result<All> {
        Query query{database, std::string{kColumns} + " ORDER BY channel"};
        All all;
        while (query.next()) all.push_back(health_in(query));
        return all;
    });
}

}  // namespace latchkey
