// SPDX-License-Identifier: MIT
#include "adapters/sqlite_store/connection.hpp"

#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include <new>

#include <sqlite3.h>

#include "adapters/sqlite_store/store_files.hpp"

namespace latchkey {

namespace {

constexpr std::chrono::seconds kLongestWait{3};
constexpr long kPauseNanoseconds = 500'000;
constexpr int kPagesInLog = 256;       // 128 KB, read again by whoever opens the store first
constexpr int kPagesInBusyLog = 1000;  // 512 KB: the writer whose turn it is copies them

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

// A lock on `count` bytes from `first` on, of this open file (not of the process:
// two connections in one process must not take each other's place for their own).
struct flock bytes(short type, std::int64_t first, std::int64_t count) {
    struct flock range {};
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = first;
    range.l_len = count;
    return range;
}

// A conversation is one connection. Moving the log into the database at the end
// of each, as SQLite does by itself, would cost a login five syncs more; so it
// is done by the connection that closes last after the log has grown, when the
// claimant's answer is long out. Called after each commit.
int keep_log_short(void*, sqlite3* handle, const char* name, int pages) {
    if (pages >= kPagesInLog)
        sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    // Failing is no harm: the commit stands in the log, and the next one tries again.
    if (pages >= kPagesInBusyLog)
        sqlite3_wal_checkpoint_v2(handle, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    return SQLITE_OK;
}

Error queue_refused() {
    return {ErrorKind::Unavailable, std::string{"queue: "} + strerrordesc_np(errno)};
}

Error held_by_others() {
    return {ErrorKind::Unavailable, "locked by other writers for 3 s"};
}

constexpr int kPagesAtOnce = 64;  // as many as a check reads

// For the whole process, and only before SQLite's first use in it; later SQLite refuses, which is
// no harm. Its figures of memory, which nobody reads, take a lock at every allocation: an eighth
// of what a check cost. The memory of pages is taken in one piece.
void set_up_memory() {
    static const bool is_done = [] {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite3_config(SQLITE_CONFIG_PAGECACHE, nullptr, 0, kPagesAtOnce);
        return true;
    }();
    (void)is_done;
}

}  // namespace

WriteTurn::~WriteTurn() {
    if (queue_ < 0) return;
    ::flock(queue_, LOCK_UN);
    struct flock place = bytes(F_UNLCK, place_, 1);
    ::fcntl(queue_, F_OFD_SETLK, &place);
}

// A connection is used from one thread (sqlite_store.hpp), and needs no lock of its own.
Connection::Connection(const std::string& path, UniqueFd queue)
    : queue_(std::move(queue)),
      database_(path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX),
      begin_(database_, "BEGIN IMMEDIATE"),
      commit_(database_, "COMMIT") {}

// Ready to run again also if it fails.
void Connection::run(SQLite::Statement& statement) {
    const int code = statement.tryExecuteStep();
    statement.tryReset();
    if (code != SQLITE_DONE) throw SQLite::Exception{database_.getHandle(), code};
}

void Connection::roll_back() noexcept {
    sqlite3_exec(database_.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path) {
    auto queue = prepare_files(path);
    if (!queue) return std::move(queue).error();
    set_up_memory();
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
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    // Or a statement is prepared anew whenever a value is bound that a partial index might suit.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
    sqlite3_wal_hook(handle, keep_log_short, nullptr);
    database_.exec("PRAGMA synchronous = FULL");   // a commit is on disk, also in WAL mode
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

Result<std::int64_t> Connection::stand_in_line() const {
    do {
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        const std::int64_t place = std::chrono::nanoseconds{now}.count();
        struct flock lock = bytes(F_WRLCK, place, 1);
        if (::fcntl(queue_.get(), F_OFD_SETLK, &lock) == 0) return place;
        if (errno != EAGAIN && errno != EACCES && errno != EINTR) return queue_refused();
        // Somebody came in the same nanosecond, or means harm and holds every place.
    } while (pause());
    return held_by_others();
}

// The kernel's waiting calls end by a signal or not at all, and signals and
// threads do not belong into a library; so the line is looked at, not slept in.
Result<WriteTurn> Connection::wait_for_turn() {
    start_waiting();
    auto place = stand_in_line();
    if (!place) return std::move(place).error();
    WriteTurn turn{queue_.get(), *place};
    do {
        struct flock ahead = bytes(F_WRLCK, 0, *place);
        if (::fcntl(queue_.get(), F_OFD_GETLK, &ahead) != 0) return queue_refused();
        if (ahead.l_type != F_UNLCK) continue;
        if (::flock(queue_.get(), LOCK_EX | LOCK_NB) == 0) return turn;
        if (errno != EWOULDBLOCK && errno != EINTR) return queue_refused();
    } while (pause());
    return held_by_others();
}

Error Connection::failed(const std::string& what) {
    try {
        throw;
    } catch (const SQLite::Exception& problem) {
        const int code = problem.getErrorCode() & 0xff;
        is_broken_ = is_broken_ || code == SQLITE_IOERR || code == SQLITE_PROTOCOL;
    } catch (...) {  // told below
    }
    return error_in_flight(what);
}

Error broken_before(const char* what) {
    return {ErrorKind::Unavailable, std::string{what} + ": the store failed before"};
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
