// SPDX-License-Identifier: MIT
#include "adapters/sqlite_store/connection.hpp"

#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>

#include <new>

#include <sqlite3.h>

#include "adapters/sqlite_store/store_files.hpp"

namespace latchkey {

namespace {

constexpr std::chrono::seconds kLongestWait{3};
constexpr long kPauseNanoseconds = 1'000'000;

ErrorKind kind_of(int sqlite_code) {
    switch (sqlite_code & 0xff) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_CONSTRAINT:  // rows that break the schema's rules are none of ours
        case SQLITE_MISMATCH:
        case SQLITE_ERROR:  // our SQL is fixed: a table is missing or has another shape
            return ErrorKind::Corrupt;
        default:
            return ErrorKind::Unavailable;
    }
}

}  // namespace

WriteTurn::~WriteTurn() {
    if (queue_ >= 0) ::flock(queue_, LOCK_UN);
}

Connection::Connection(const std::string& path, UniqueFd queue)
    : queue_(std::move(queue)), database_(path, SQLite::OPEN_READWRITE) {}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path) {
    auto queue = prepare_files(path);
    if (!queue) return std::move(queue).error();
    try {
        // Not make_unique: the constructor is private.
        std::unique_ptr<Connection> connection{new Connection{path, std::move(*queue)}};
        connection->set_pragmas();
        if (sqlite3_db_readonly(connection->database_.getHandle(), "main") != 0)
            return Error{ErrorKind::Unavailable, "read-only"};
        return connection;
    } catch (...) {
        return error_in_flight("open");
    }
}

void Connection::set_pragmas() {
    sqlite3* handle = database_.getHandle();
    start_waiting();
    sqlite3_busy_handler(
        handle, [](void* self, int) { return static_cast<Connection*>(self)->pause() ? 1 : 0; },
        this);
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    database_.exec("PRAGMA synchronous = FULL");  // a commit is on disk, also in WAL mode
    database_.exec("PRAGMA foreign_keys = ON");
    database_.exec("PRAGMA secure_delete = ON");   // a used code leaves no digest behind
    database_.exec("PRAGMA temp_store = MEMORY");  // no file but the store's own
    database_.exec("PRAGMA cell_size_check = ON");
}

void Connection::start_waiting() {
    give_up_at_ = std::chrono::steady_clock::now() + kLongestWait;
}

bool Connection::pause() const {
    if (std::chrono::steady_clock::now() >= give_up_at_) return false;
    const timespec a_moment{0, kPauseNanoseconds};
    ::nanosleep(&a_moment, nullptr);  // cut short by a signal: one more look, no harm
    return true;
}

// flock cannot wait for a bounded time without a signal or a thread, and neither
// belongs into a library; so it is asked without waiting, once a millisecond.
Result<WriteTurn> Connection::wait_for_turn() {
    start_waiting();
    while (::flock(queue_.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return Error{ErrorKind::Unavailable,
                         std::string{"lock queue: "} + strerrordesc_np(errno)};
        if (!pause()) return Error{ErrorKind::Unavailable, "locked by another writer for 3 s"};
    }
    return WriteTurn{queue_.get()};
}

Error error_in_flight(const std::string& what) {
    try {
        throw;
    } catch (const SQLite::Exception& problem) {
        return {kind_of(problem.getErrorCode()), what + ": " + problem.what()};
    } catch (const NotOurs& problem) {
        return {ErrorKind::Corrupt, what + ": " + problem.what};
    } catch (const std::exception& problem) {
        return {ErrorKind::Unavailable, what + ": " + problem.what()};
    }
}

}  // namespace latchkey
