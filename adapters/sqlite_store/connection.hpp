// SPDX-License-Identifier: MIT
//
// One connection to the database, and the way in which every call of the store
// uses it: wait for the turn, begin, work, commit, and turn whatever goes wrong
// into an Error. No exception leaves read() or write().
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>

#include "adapters/system/unique_fd.hpp"
#include "core/result.hpp"

namespace latchkey {

// Held by the one process that writes. SQLite alone lets waiting writers sleep
// in growing steps and draw lots; with eight of them one waited 631 ms. Here they
// stand in line at the queue file, first come first served:
//
//   a place in line   a lock on the byte whose number is the time of coming
//   one's turn        no lock on a lower byte, and flock of the whole file
//
// The kernel drops both when a process dies, so that nobody waits for the dead,
// and nothing is ever written into the file. flock alone keeps two from writing
// at once; the bytes only say who is next.
class WriteTurn {
public:
    WriteTurn(int queue, std::int64_t place) : queue_(queue), place_(place) {}
    WriteTurn(WriteTurn&& other) noexcept
        : queue_(std::exchange(other.queue_, -1)), place_(other.place_) {}
    WriteTurn& operator=(WriteTurn&&) = delete;
    WriteTurn(const WriteTurn&) = delete;
    WriteTurn& operator=(const WriteTurn&) = delete;
    ~WriteTurn();

private:
    int queue_;
    std::int64_t place_;
};

class Connection {
public:
    // Creates missing files and sets the pragmas, which SQLite keeps per
    // connection: this is the only place that opens the database.
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::string& path);

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] SQLite::Database& database() { return database_; }

    // True behind an error of the disk or of a lock: what this process holds and what it
    // believes to hold may differ then, and SQLite would look for its locks for 10 s at every
    // further call. Whoever comes next opens the store anew.
    [[nodiscard]] bool is_broken() const { return is_broken_; }
    // The exception in flight as an Error. Precondition: called in a catch block.
    [[nodiscard]] Error failed(const std::string& what);

    // Starts the 3 s that this call may wait, for its turn and for SQLite's locks together.
    void start_waiting();
    // Unavailable after 3 s.
    [[nodiscard]] Result<WriteTurn> wait_for_turn();
    void begin() { run(begin_); }
    void commit() { run(commit_); }
    // Throws nothing: if it fails, SQLite has rolled back before.
    void roll_back() noexcept;

private:
    Connection(const std::string& path, UniqueFd queue);
    void set_pragmas();
    void run(SQLite::Statement& statement);
    // A place at the end of the line.
    [[nodiscard]] Result<std::int64_t> stand_in_line() const;
    // Sleeps for half a millisecond; false if the 3 s are over.
    [[nodiscard]] bool pause() const;

    UniqueFd queue_;
    SQLite::Database database_;
    SQLite::Statement begin_;
    SQLite::Statement commit_;
    std::chrono::steady_clock::time_point give_up_at_;
    bool is_broken_ = false;
};

// A stored value that we cannot have written.
struct NotOurs {
    const char* what;
};

// The exception in flight as an Error, where there is no connection yet. Precondition: called
// in a catch block.
[[nodiscard]] Error error_in_flight(const std::string& what);
[[nodiscard]] Error broken_before(const char* what);

// `body` gets the database and returns a Result.
template <class Body>
auto read(Connection& connection, const char* what, Body&& body)
    -> std::invoke_result_t<Body&, SQLite::Database&> {
    if (connection.is_broken()) return broken_before(what);
    try {
        connection.start_waiting();
        return body(connection.database());
    } catch (...) {
        return connection.failed(what);
    }
}

// Undone unless it is committed. SQLiteCpp's own prepares both statements every time.
class WriteTransaction {
public:
    explicit WriteTransaction(Connection& connection) : connection_(connection) {
        connection_.begin();
    }
    WriteTransaction(const WriteTransaction&) = delete;
    WriteTransaction& operator=(const WriteTransaction&) = delete;
    ~WriteTransaction() {
        if (!is_committed_) connection_.roll_back();
    }
    void commit() {
        connection_.commit();
        is_committed_ = true;
    }

private:
    Connection& connection_;
    bool is_committed_ = false;
};

// The same in a transaction of its own, on disk on return; undone if `body` returns an Error.
template <class Body>
auto write(Connection& connection, const char* what, Body&& body)
    -> std::invoke_result_t<Body&, SQLite::Database&> {
    if (connection.is_broken()) return broken_before(what);
    try {
        auto turn = connection.wait_for_turn();
        if (!turn) return std::move(turn).error().within(what);
        WriteTransaction transaction{connection};
        auto result = body(connection.database());
        if (result) transaction.commit();
        return result;
    } catch (...) {
        return connection.failed(what);
    }
}

}  // namespace latchkey
