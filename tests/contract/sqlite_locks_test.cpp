// SPDX-License-Identifier: MIT
//
// The SQLite store while somebody else holds its locks and rests, as a verifier that was
// taken over can: every call comes to an end, and works again when the locks are free.
#include <fcntl.h>
#include <sys/file.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include "adapters/system/unique_fd.hpp"
#include "tests/contract/store_under_test.hpp"

using namespace latchkey;
using namespace latchkey::contract;

using Kind = AttemptKind;

namespace {

constexpr off_t kFirstMark = 123;  // of SQLite's readers, in store.db-shm (wal.c)
constexpr off_t kMarks = 5;

// Locks of a descriptor are in the way of this process's own locks as well.
UniqueFd hold(const std::string& file, off_t first, off_t count) {
    UniqueFd fd{::open(file.c_str(), O_RDWR | O_CLOEXEC)};
    struct flock range {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    range.l_start = first;
    range.l_len = count;
    REQUIRE(::fcntl(fd.get(), F_OFD_SETLK, &range) == 0);
    return fd;
}

ErrorKind refused_charge(Store& store) {
    const auto charged = store.charge_attempt(attempt(Kind::Start), {}, kNow);
    REQUIRE_FALSE(charged);
    return charged.error().kind;
}

}  // namespace

TEST_CASE("a store that somebody else holds is Unavailable after three seconds") {
    OnSqlite on;
    const auto began = std::chrono::steady_clock::now();
    SECTION("at the queue") {
        const UniqueFd queue{::open(on.directory.file("store.db-queue").c_str(), O_RDONLY)};
        REQUIRE(::flock(queue.get(), LOCK_EX | LOCK_NB) == 0);
        CHECK(refused_charge(on.store) == ErrorKind::Unavailable);
        CHECK(on.store.contacts("1001:ada"));  // readers do not queue
    }
    SECTION("at every place in the queue") {
        const UniqueFd queue = hold(on.directory.file("store.db-queue"), 0, 0);
        CHECK(refused_charge(on.store) == ErrorKind::Unavailable);
        CHECK(on.store.contacts("1001:ada"));
    }
    SECTION("in the database") {
        SQLite::Database other{on.directory.file("store.db"), SQLite::OPEN_READWRITE};
        const SQLite::Transaction holding{other, SQLite::TransactionBehavior::IMMEDIATE};
        CHECK(refused_charge(on.store) == ErrorKind::Unavailable);
    }
    CHECK(std::chrono::steady_clock::now() - began >= 3s);
    CHECK(std::chrono::steady_clock::now() - began < 5s);
    CHECK(allowed(on.store, attempt(Kind::Start), {}));
}

// The one lock that SQLite waits for by itself, whatever it was told about waiting.
TEST_CASE("a store whose every mark of readers is held is given up after ten seconds") {
    OnSqlite on;
    const auto began = std::chrono::steady_clock::now();
    {
        const UniqueFd marks = hold(on.directory.file("store.db-shm"), kFirstMark, kMarks);
        CHECK(refused_charge(on.store) == ErrorKind::Unavailable);
        CHECK(std::chrono::steady_clock::now() - began < 15s);
        CHECK(refused_charge(on.store) == ErrorKind::Unavailable);  // at once
        CHECK(std::chrono::steady_clock::now() - began < 15s);
    }
    on.opened = SqliteStore::open(on.directory.file("store.db")).value();
    CHECK(allowed(*on.opened, attempt(Kind::Start), {}));
}
