// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "adapters/sqlite_store/query.hpp"

namespace latchkey {

// Inserts rows in their order, many with one statement: what SQLite does for each statement
// costs as much as the row (bench/import).
template <class Row>
class ManyRows {
public:
    // Binds the columns of a row, the first one as ?FIRST.
    using Bind = void (*)(Query& query, int first, const Row& row);

    // `insert` is "INSERT INTO table (columns)".
    ManyRows(SQLite::Database& database, const std::string& insert, int columns, Bind bind)
        : one_(database, insert + values_of(columns, 1)),
          many_(database, insert + values_of(columns, kAtOnce)),
          columns_(columns),
          bind_(bind) {
        waiting_.reserve(kAtOnce);
    }

    // What the row lends must outlive finish().
    void add(Row row) {
        waiting_.push_back(std::move(row));
        if (waiting_.size() < kAtOnce) return;
        int first = 1;
        for (const Row& each : waiting_) {
            bind_(many_, first, each);
            first += columns_;
        }
        many_.run_again();
        waiting_.clear();
    }
    // Those that are left.
    void finish() {
        for (const Row& each : waiting_) {
            bind_(one_, 1, each);
            one_.run_again();
        }
        waiting_.clear();
    }

private:
    static constexpr std::size_t kAtOnce = 32;

    static std::string values_of(int columns, std::size_t rows) {
        std::string row = "(?";
        for (int i = 1; i < columns; ++i) row += ", ?";
        row += ')';
        std::string text = " VALUES " + row;
        for (std::size_t i = 1; i < rows; ++i) text += ", " + row;
        return text;
    }

    Query one_;
    Query many_;
    int columns_;
    Bind bind_;
    std::vector<Row> waiting_;
};

}  // namespace latchkey
