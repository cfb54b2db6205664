// SPDX-License-Identifier: MIT
#include "adapters/sqlite_store/sqlite_store.hpp"

#include "adapters/sqlite_store/connection.hpp"
#include "adapters/sqlite_store/schema.hpp"

namespace latchkey {

SqliteStore::SqliteStore(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}

SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<Store>> SqliteStore::open(const std::string& path) {
    auto connection = Connection::open(path);
    if (!connection) return std::move(connection).error().within("open store " + path);
    auto prepared = prepare_schema(**connection);
    if (!prepared) return std::move(prepared).error().within("open store " + path);
    return std::unique_ptr<Store>{std::make_unique<SqliteStore>(std::move(*connection))};
}

}  // namespace latchkey
