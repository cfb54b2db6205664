// SPDX-License-Identifier: MIT
//
// One statement with typed values in and out, so that times, digests and enums
// are bound and read in one way only.
#pragma once

#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include <SQLiteCpp/SQLiteCpp.h>

#include "adapters/sqlite_store/connection.hpp"
#include "core/ports/store.hpp"

namespace latchkey {

// Bytes that are bound as a BLOB; the text must outlive the statement's run.
struct Blob {
    std::string_view bytes;
};

// A text that is bound without a copy; it must outlive the statement's run.
struct Lent {
    const std::string& text;
};

class Query {
public:
    Query(SQLite::Database& database, const std::string& sql) : statement_(database, sql) {}

    // Binds ?1, ?2, ... in this order, all of them.
    template <class... Values>
    Query& with(const Values&... values) {
        return with_from(1, values...);
    }
    // ?FIRST and those behind it.
    template <class... Values>
    Query& with_from(int first, const Values&... values) {
        (bind(first++, values), ...);
        return *this;
    }

    // Runs a statement without rows; how many rows it changed.
    int run() { return statement_.exec(); }
    // The same, after which other values may be bound: prepared once, run many times.
    int run_again() {
        const int changed = statement_.exec();
        reset();
        return changed;
    }
    // No more rows of this run: other values may be bound.
    void reset() { statement_.reset(); }
    // Steps to the next row; false when there is none.
    [[nodiscard]] bool next() { return statement_.executeStep(); }

    [[nodiscard]] bool is_null(int column) { return statement_.getColumn(column).isNull(); }
    [[nodiscard]] std::int64_t integer(int column) {
        return statement_.getColumn(column).getInt64();
    }
    [[nodiscard]] bool truth(int column) { return integer(column) != 0; }
    [[nodiscard]] std::string text(int column) { return statement_.getColumn(column).getString(); }
    [[nodiscard]] TimePoint time(int column) {
        return TimePoint{std::chrono::seconds{integer(column)}};
    }
    [[nodiscard]] std::uint32_t count(int column);
    [[nodiscard]] Digest digest(int column);

    // Throws NotOurs for a value above `last`.
    template <class E>
    [[nodiscard]] E enumerator(int column, E last) {
        const std::int64_t value = integer(column);
        if (value < 0 || value > static_cast<std::int64_t>(last))
            throw NotOurs{"a value out of its range"};
        return static_cast<E>(value);
    }

private:
    void bind(int index, std::string_view text);
    // SQLite copies it; not once more before that.
    void bind(int index, const std::string& text) { statement_.bind(index, text); }
    void bind(int index, const Lent& lent) { statement_.bindNoCopy(index, lent.text); }
    void bind(int index, const Blob& blob);
    void bind(int index, const Digest& digest);
    void bind(int index, TimePoint time);
    template <class Number>
    requires std::integral<Number> || std::is_enum_v<Number>
    void bind(int index, Number value) { statement_.bind(index, static_cast<std::int64_t>(value)); }

    SQLite::Statement statement_;
};

}  // namespace latchkey
