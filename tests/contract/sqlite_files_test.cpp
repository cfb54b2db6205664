// SPDX-License-Identifier: MIT
//
// The SQLite store and its files: who may read them, what is refused, what a
// full, read-only or broken one does, and what never stands in them.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include <SQLiteCpp/SQLiteCpp.h>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "adapters/sqlite_store/connection.hpp"
#include "tests/contract/store_under_test.hpp"

using namespace latchkey;
using namespace latchkey::contract;

using Kind = AttemptKind;

namespace {

unsigned mode_of(const std::string& path) {
    struct stat found {};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 07777;
}

void edit(const std::string& path, const char* sql) {
    SQLite::Database{path, SQLite::OPEN_READWRITE}.exec(sql);
}

// The kind of the refusal; fails the test if the store opens.
ErrorKind refusal(const std::string& path) {
    const auto opened = SqliteStore::open(path);
    REQUIRE_FALSE(opened);
    return opened.error().kind;
}

// Runs `body` in a process of its own, as nobody if we are root, and gives its
// exit status: permissions do not stop root.
template <class Body>
int in_unprivileged_child(const std::string& directory, Body body) {
    constexpr uid_t kNobody = 65534;
    const bool root = ::geteuid() == 0;
    if (root)
        for (const auto& entry : std::filesystem::recursive_directory_iterator{directory})
            REQUIRE(::chown(entry.path().c_str(), kNobody, kNobody) == 0);
    if (root) REQUIRE(::chown(directory.c_str(), kNobody, kNobody) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        if (root && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) ::_exit(101);
        ::_exit(body());
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("the store's files are its owner's alone, whatever the umask") {
    for (const mode_t mask : {0000, 0022, 0777}) {
        const TemporaryDirectory directory;
        const std::string path = directory.file("latchkey/store.db");
        const mode_t before = ::umask(mask);
        auto store = SqliteStore::open(path);
        ::umask(before);
        REQUIRE(store);
        REQUIRE((*store)->charge_attempt(attempt(Kind::Start), {}, kNow));
        CHECK(mode_of(directory.file("latchkey")) == 0700);
        for (const char* suffix : {"", "-wal", "-shm", "-queue"})
            CHECK(mode_of(path + suffix) == 0600);
    }
}

TEST_CASE("files that are open to others or none of ours are refused") {
    const TemporaryDirectory directory;
    const std::string path = directory.file("store.db");
    REQUIRE(SqliteStore::open(path));
    SECTION("a file that a group may read") {
        REQUIRE(::chmod(path.c_str(), 0640) == 0);
        CHECK(refusal(path) == ErrorKind::Misconfigured);
    }
    SECTION("a directory that others may enter") {
        REQUIRE(::chmod(directory.path().c_str(), 0755) == 0);
        CHECK(refusal(path) == ErrorKind::Misconfigured);
    }
    SECTION("a symbolic link") {
        REQUIRE(::symlink(path.c_str(), directory.file("link.db").c_str()) == 0);
        CHECK(refusal(directory.file("link.db")) == ErrorKind::Misconfigured);
    }
    SECTION("a directory in the file's place") {
        REQUIRE(::mkdir(directory.file("directory.db").c_str(), 0700) == 0);
        CHECK(refusal(directory.file("directory.db")) == ErrorKind::Misconfigured);
    }
    SECTION("a path that is not absolute") {
        CHECK(refusal("store.db") == ErrorKind::Misconfigured);
        CHECK(refusal("") == ErrorKind::Misconfigured);
        CHECK(refusal(std::string{"/tmp/a\0b/store.db", 17}) == ErrorKind::Misconfigured);
    }
    SECTION("another user's file or directory") {
        if (::geteuid() != 0) {
            CHECK(refusal("/usr/store.db") == ErrorKind::Misconfigured);
        } else {
            REQUIRE(::chown(path.c_str(), 65534, 65534) == 0);
            CHECK(refusal(path) == ErrorKind::Misconfigured);
            REQUIRE(::chown(path.c_str(), 0, 0) == 0);
            REQUIRE(::chown(directory.path().c_str(), 65534, 65534) == 0);
            CHECK(refusal(path) == ErrorKind::Misconfigured);
        }
    }
}

TEST_CASE("a missing parent directory is an error, not a tree that we make") {
    const TemporaryDirectory directory;
    CHECK(refusal(directory.file("a/b/store.db")) == ErrorKind::Unavailable);
}

TEST_CASE("a file of a newer latchkey, of somebody else or of nobody is refused") {
    const TemporaryDirectory directory;
    const std::string path = directory.file("store.db");
    REQUIRE(SqliteStore::open(path));
    SECTION("newer") {
        edit(path, "PRAGMA user_version = 2");
        CHECK(refusal(path) == ErrorKind::Misconfigured);
        CHECK(SQLite::Database{path}.execAndGet("PRAGMA user_version").getInt() == 2);
    }
    SECTION("another program's database") {
        edit(path, "PRAGMA application_id = 1");
        CHECK(refusal(path) == ErrorKind::Corrupt);
    }
    SECTION("a database that has tables but no version") {
        edit(path, "PRAGMA user_version = 0");
        CHECK(refusal(path) == ErrorKind::Corrupt);
    }
    SECTION("no database at all") {
        edit(path, "PRAGMA wal_checkpoint(TRUNCATE)");
        std::ofstream{path, std::ios::binary} << std::string(8192, 'x');
        CHECK(refusal(path) == ErrorKind::Corrupt);
    }
}

TEST_CASE("a file that came back from a copy gets its write-ahead log again") {
    const TemporaryDirectory directory;
    const std::string path = directory.file("store.db");
    REQUIRE(SqliteStore::open(path));
    edit(path, "PRAGMA journal_mode = DELETE");
    auto store = SqliteStore::open(path);
    REQUIRE(store);
    CHECK(SQLite::Database{path}.execAndGet("PRAGMA journal_mode").getString() == "wal");
}

TEST_CASE("damage is told as Corrupt and never as an exception") {
    OnSqlite on;
    const std::string path = on.directory.file("store.db");
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    SECTION("a table is gone") {
        edit(path, "DROP TABLE attempt");
        const auto charged = on.store.charge_attempt(attempt(Kind::Start), {}, kNow);
        REQUIRE_FALSE(charged);
        CHECK(charged.error().kind == ErrorKind::Corrupt);
    }
    SECTION("a value that we never write") {
        REQUIRE(on.store.set_resume_code(id, digest_of(9), {}));
        edit(path, "UPDATE recovery SET reason = 99, lease = ''");
        const auto resumed =
            on.store.resume({"1001:ada", "login", "console:tty1", digest_of(9), "second", kNow});
        REQUIRE_FALSE(resumed);
        CHECK(resumed.error().kind == ErrorKind::Corrupt);
    }
    SECTION("pages overwritten") {
        for (int i = 0; i < 400; ++i) charge(on.store, attempt(Kind::Start));
        edit(path, "PRAGMA wal_checkpoint(TRUNCATE)");
        on.opened.reset();
        // What was written last; the schema's pages, at the beginning, stay whole.
        REQUIRE(std::filesystem::file_size(path) > 40000);
        std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
        file.seekp(-16000, std::ios::end);
        file << std::string(16000, '\xff');
        file.close();
        auto reopened = SqliteStore::open(path);
        REQUIRE(reopened);
        const auto charged = (*reopened)->charge_attempt(attempt(Kind::Start), {}, kNow);
        REQUIRE_FALSE(charged);
        CHECK(charged.error().kind == ErrorKind::Corrupt);
    }
}

TEST_CASE("a read-only store is Unavailable") {
    const TemporaryDirectory directory;
    REQUIRE(SqliteStore::open(directory.file("store.db")));
    REQUIRE(::chmod(directory.file("store.db").c_str(), 0400) == 0);
    REQUIRE(::chmod(directory.path().c_str(), 0500) == 0);
    const auto kind_of_refusal = [&](const char* name) {
        return in_unprivileged_child(directory.path(), [&] {
            const auto opened = SqliteStore::open(directory.file(name));
            return opened ? 100 : static_cast<int>(opened.error().kind);
        });
    };
    CHECK(kind_of_refusal("store.db") == static_cast<int>(ErrorKind::Unavailable));
    CHECK(kind_of_refusal("new.db") == static_cast<int>(ErrorKind::Unavailable));
}

TEST_CASE("a full disk is Unavailable, and what was charged before stays") {
    const TemporaryDirectory directory;
    REQUIRE(SqliteStore::open(directory.file("store.db")));
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    constexpr int kMost = 250;
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{400'000, 400'000};
        auto store = SqliteStore::open(directory.file("store.db"));
        if (!store || ::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(255);
        for (int charged = 0; charged < kMost; ++charged) {
            const auto one =
                (*store)->charge_attempt(attempt(Kind::Start, std::string(4000, 'a')), {}, kNow);
            if (one) continue;
            ::_exit(one.error().kind == ErrorKind::Unavailable ? charged : 254);
        }
        ::_exit(253);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    REQUIRE(WEXITSTATUS(status) > 0);
    REQUIRE(WEXITSTATUS(status) < kMost);
    auto store = SqliteStore::open(directory.file("store.db"));
    REQUIRE(store);
    const Limit any = at_most(1, LimitScope::Host, {Kind::Start});
    CHECK((*store)->count_attempts(attempt(Kind::Start), any, kNow).value() ==
          static_cast<std::uint32_t>(WEXITSTATUS(status)));
    CHECK(allowed(**store, attempt(Kind::Start), {}));
}

TEST_CASE("behind an error of the disk a store is given up at once, and opens anew") {
    const TemporaryDirectory directory;
    REQUIRE(SqliteStore::open(directory.file("store.db")));
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const auto charge = [](Store& store) {
            return store.charge_attempt(attempt(Kind::Start, std::string(4000, 'a')), {}, kNow);
        };
        rlimit before{};
        auto store = SqliteStore::open(directory.file("store.db"));
        if (!store || ::getrlimit(RLIMIT_FSIZE, &before) != 0) ::_exit(1);
        const rlimit small{400'000, before.rlim_max};
        if (::setrlimit(RLIMIT_FSIZE, &small) != 0) ::_exit(2);
        while (charge(**store)) {
        }
        if (::setrlimit(RLIMIT_FSIZE, &before) != 0) ::_exit(3);
        const auto again = charge(**store);
        if (again || again.error().detail.find("failed before") == std::string::npos) ::_exit(4);
        auto anew = SqliteStore::open(directory.file("store.db"));
        ::_exit(anew && charge(**anew) ? 0 : 5);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("every connection has the pragmas that the promises rest on") {
    const TemporaryDirectory directory;
    REQUIRE(SqliteStore::open(directory.file("store.db")));
    for (int i = 0; i < 2; ++i) {
        auto connection = Connection::open(directory.file("store.db"));
        REQUIRE(connection);
        SQLite::Database& database = (*connection)->database();
        CHECK(database.execAndGet("PRAGMA synchronous").getInt() == 2);
        CHECK(database.execAndGet("PRAGMA foreign_keys").getInt() == 1);
        CHECK(database.execAndGet("PRAGMA secure_delete").getInt() == 1);
        CHECK(database.execAndGet("PRAGMA temp_store").getInt() == 2);
        CHECK(database.execAndGet("PRAGMA page_size").getInt() == 512);
        CHECK(database.execAndGet("PRAGMA journal_mode").getString() == "wal");
        CHECK(database
                  .execAndGet("SELECT count(*) FROM pragma_table_list"
                              " WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND NOT strict")
                  .getInt() == 0);
    }
}

TEST_CASE("the audit trail tells which rows were altered, and which are gone") {
    // The ids of the rows that are left, those that do not hang on the row before negative.
    const auto trail_after = [](const char* forgery) {
        OnSqlite on;
        for (const char* detail : {"one", "two", "three", "four"})
            REQUIRE(on.store.append_audit({kNow, "event", "1001:ada", detail}));
        if (*forgery != '\0') edit(on.directory.file("store.db"), forgery);
        const auto trail = on.store.audit_trail(0, 100).value();
        CHECK(trail.last_id == 4);
        std::vector<std::int64_t> ids;
        for (const TrailRow& row : trail.rows) ids.push_back(row.is_linked ? row.id : -row.id);
        return ids;
    };
    using Ids = std::vector<std::int64_t>;
    CHECK(trail_after("") == Ids{1, 2, 3, 4});
    CHECK(trail_after("UPDATE audit SET detail = 'six' WHERE id = 2") == Ids{1, -2, 3, 4});
    CHECK(trail_after("UPDATE audit SET at = at + 1") == Ids{-1, -2, -3, -4});
    CHECK(trail_after("UPDATE audit SET event = 'even', subject = 't1001:ada' WHERE id = 3") ==
          Ids{1, 2, -3, 4});
    CHECK(trail_after("DELETE FROM audit WHERE id = 1") == Ids{-2, 3, 4});
    CHECK(trail_after("DELETE FROM audit WHERE id = 2") == Ids{1, -3, 4});
    CHECK(trail_after("DELETE FROM audit WHERE id = 4") == Ids{1, 2, 3});  // last_id tells
    CHECK(trail_after("UPDATE audit SET id = 9 WHERE id = 2;"
                      "UPDATE audit SET id = 2 WHERE id = 3;"
                      "UPDATE audit SET id = 3 WHERE id = 9") == Ids{1, -2, -3, -4});
}

TEST_CASE("no address, key, code or message stands in the store's files as it is") {
    OnSqlite on;
    const SodiumVault vault;
    const Secret key{std::string(Vault::kKeyBytes, 'k')};
    const std::string marker = "plain-marker-4711";
    const SubjectKey subject = "1001:ada";
    REQUIRE(on.store.enrol_contact(
        subject, {0, "email", "email:example.org",
                  vault.seal(key, contact_binding(subject, Contact{}), marker), kNow, kNow}));
    REQUIRE(on.store.enrol_authenticator(
        subject,
        {vault.seal(key, authenticator_binding(subject, Authenticator{}), marker), 0, kNow}));
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    IssuedCode issued = code(id);
    issued.digest = vault.digest(key, "code|1|email", marker);
    issued.message->sealed = vault.seal(key, outbox_binding(*issued.message), marker);
    REQUIRE(on.store.issue_code(issued));
    REQUIRE(on.store.set_resume_code(id, vault.digest(key, "resume", marker), {}));

    const auto row = on.store.claim_due(kNow, kNow + 1min, 1).value().at(0);
    CHECK(vault.unseal(key, outbox_binding(row), row.sealed)->reveal() == marker);
    for (const char* suffix : {"", "-wal"}) {
        const std::string bytes = content_of(on.directory.file("store.db") + suffix);
        REQUIRE_FALSE(bytes.empty());
        CHECK(bytes.find(marker) == std::string::npos);
    }
    // The search itself works: what is stored openly is found.
    CHECK(content_of(on.directory.file("store.db-wal")).find(subject) != std::string::npos);
}
