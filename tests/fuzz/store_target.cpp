// SPDX-License-Identifier: MIT
//
// A database that somebody else wrote: the same names and versions, but tables without
// types and rules, and any values in them; or bytes of a good one turned. Every call of
// the store ends with an answer or an Error. First byte even: rows; odd: bytes.
#include <array>
#include <functional>

#include <SQLiteCpp/SQLiteCpp.h>

#include "adapters/sqlite_store/sqlite_store.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace latchkey;
using fuzz::holds;

constexpr TimePoint kNow{std::chrono::seconds{1'800'000'000}};
const SubjectKey kAda = "1001:ada";

struct Table {
    const char* name;
    const char* columns;
    int count;
};
constexpr std::array kTables{
    Table{"attempt", "id, subject, source, kind, method, recovery, at, result", 8},
    Table{"recovery",
          "id, subject, deliverable, reason, service, source, gates_needed, opened_at, expires_at,"
          " resume_code, tag, lease, lease_until, spent_at",
          14},
    Table{"gate", "recovery, possession, opened_at, tag", 4},
    Table{"code",
          "recovery, method, digest, sent_to, issued_at, expires_at, after_attempt, used_at", 8},
    Table{
        "outbox",
        "id, subject, method, purpose, sealed, queued_for, due_at, expires_at, tries, lease_until",
        10},
    Table{"contact",
          "id, subject, method, possession, sealed_address, confirmed_at, usable_from, gone_from",
          8},
    Table{"authenticator",
          "subject, waits, sealed_key, last_step, confirmed_at, method, usable_from, gone_from", 8},
    Table{"change", "id, subject, kind, method, contact, at, final_at, ended_at", 8},
    Table{"veto", "change, told, code, used_at", 4},
    Table{"audit", "id, at, event, subject, detail, chain", 6},
};

// In memory where there is such a place: thousands of databases are written.
class Place {
public:
    Place() {
        if (std::filesystem::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 1);
        directory_.emplace();
    }
    [[nodiscard]] const TemporaryDirectory& operator*() const { return *directory_; }

private:
    std::optional<TemporaryDirectory> directory_;
};
const TemporaryDirectory& place() {
    static const Place place;
    return *place;
}

// An id that is in use, a subject that is asked for, or anything.
void bind(SQLite::Statement& row, int index, fuzz::Input& input) {
    switch (input.below(8)) {
        case 0:
            return row.bind(index, 1);
        case 1:
            return row.bind(index, kAda);
        case 2:
            return row.bind(index, input.number<std::int64_t>());
        case 3:
            return row.bind(index, input.text());
        case 4: {
            const std::string_view bytes = input.part();
            return row.bind(index, bytes.data(), static_cast<int>(bytes.size()));
        }
        case 5:
            return row.bind(index);  // NULL
        case 6:
            return row.bind(index, 1e300 * input.byte());
        default:
            return row.bind(index,
                            std::int64_t{kNow.time_since_epoch().count()} - 100 + input.byte());
    }
}

std::string placeholders(int count) {
    std::string text = "?";
    for (int i = 1; i < count; ++i) text += ", ?";
    return text;
}

void open_to_anything(const std::string& path) {
    {
        auto made = SqliteStore::open(path);
        holds(made.has_value(), "a store can be made");
    }
    SQLite::Database database{path, SQLite::OPEN_READWRITE};
    for (const Table& table : kTables) {
        database.exec(std::string{"DROP TABLE "} + table.name);
        database.exec(std::string{"CREATE TABLE "} + table.name + " (" + table.columns + ")");
    }
}

void fill(SQLite::Database& database, fuzz::Input& input) {
    SQLite::Transaction transaction{database};
    for (const Table& table : kTables) database.exec(std::string{"DELETE FROM "} + table.name);
    for (int rows = 0; rows < 12 && !input.empty(); ++rows) {
        const Table& table = kTables.at(input.below(kTables.size()));
        SQLite::Statement row{database, std::string{"INSERT INTO "} + table.name + " VALUES (" +
                                            placeholders(table.count) + ")"};
        for (int i = 1; i <= table.count; ++i) bind(row, i, input);
        row.exec();
    }
    transaction.commit();
}

// Errors are the port's two: what is there is not ours, or the file says no.
template <class T>
bool answered(const Result<T>& result) {
    holds(result || result.error().kind == ErrorKind::Corrupt ||
              result.error().kind == ErrorKind::Unavailable ||
              result.error().kind == ErrorKind::NotFound,
          "a call ends as the port says");
    return result.has_value();
}

void call_readers(Store& store) {
    for (int scope = 0; scope <= static_cast<int>(LimitScope::Host); ++scope) {
        Limit limit{static_cast<LimitScope>(scope), {AttemptKind::Code}, std::chrono::hours{1}, 5};
        limit.since_last_right = true;
        answered(
            store.count_attempts({kAda, "192.0.2.7", AttemptKind::Code, "email", 1}, limit, kNow));
    }
    answered(store.open_gates(1));
    answered(store.contacts(kAda));
    const auto apps = store.authenticators(kAda);
    if (answered(apps))
        for (const Authenticator& app : *apps)
            holds(app.last_step <= INT64_MAX, "a step is a number that can grow");
    answered(store.changes(kAda, {}));
    answered(store.find_veto(kAda, {}, kNow));
    answered(store.enrolled_subjects());
    answered(store.oldest_due(kNow));
    answered(store.audit(kAda, 10));
}

void call_writers(Store& store) {
    ResumeRequest resume{kAda, "sshd", "192.0.2.7", {}, "lease", kNow};
    const auto resumed = store.resume(resume);
    if (answered(resumed) && *resumed) {
        answered(store.extend_lease((*resumed)->id, "lease", kNow + std::chrono::seconds{60}));
        answered(store.release((*resumed)->id, "lease"));
    }
    const Attempt guess{kAda, "192.0.2.7", AttemptKind::Code, "email", 1};
    const std::array limits{
        Limit{LimitScope::Subject, {AttemptKind::Code}, std::chrono::hours{1}, 5}};
    const auto charge = store.charge_attempt(guess, limits, kNow);
    const AttemptId attempt = answered(charge) && charge->allowed ? charge->id : 1;
    answered(store.take_up_code(1, "email", {}, 5, kNow));
    answered(store.settle_code(attempt, 1, "email", {}, {"email:example.org", kNow}, 5));
    answered(store.settle_otp(attempt, 1, {kAda, 60'000'000, "sealed"}, {"app", kNow}));
    answered(store.settle_saved_code(attempt, 1, {"saved", kNow}));
    Grant grant;
    grant.recovery = 1;
    grant.lease = "lease";
    grant.now = kNow;
    answered(store.spend_grant(grant));
    const auto due = store.claim_due(kNow, kNow + std::chrono::seconds{60}, 16);
    if (answered(due))
        for (const OutboxRow& row : *due) {
            (void)outbox_binding(row);
            answered(store.finish_delivery(row.id, "accepted", kNow));
        }
    answered(store.append_audit({kNow, "event", kAda, "detail"}));
    answered(store.prune(kNow));
}

void try_rows(fuzz::Input& input) {
    static const std::string path = [] {
        std::string made = place().file("rows");
        open_to_anything(made);
        return made;
    }();
    static SQLite::Database writer{path, SQLite::OPEN_READWRITE};
    static const auto store = SqliteStore::open(path);
    holds(store.has_value(), "rows do not keep a store from being opened");
    fill(writer, input);
    call_readers(**store);
    call_writers(**store);
    answered((*store)->audit_trail(0, 100));
}

// A store as it is after a day, as bytes.
std::string good_store() {
    const std::string path = place().file("good");
    {
        auto store = SqliteStore::open(path);
        holds(store.has_value(), "a store can be made");
        call_writers(**store);
        Contact contact{0, "email", "email:example.org", "sealed", kNow, kNow};
        answered((*store)->enrol_contact(kAda, contact));
        answered((*store)->enrol_authenticator(kAda, {"sealed", 1, kNow}));
        NewRecovery recovery{kAda, true, Reason::ForgotPassword,         "sshd", "192.0.2.7",
                             2,    kNow, kNow + std::chrono::minutes{15}};
        answered((*store)->start_recovery(recovery, "lease", {}));
        answered(
            (*store)->issue_code({1, "email", {}, {}, kNow, kNow + std::chrono::minutes{5}, {}}));
    }
    SQLite::Database{path, SQLite::OPEN_READWRITE}.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return content_of(path);
}

void try_bytes(fuzz::Input& input) {
    static const std::string good = good_store();
    std::string bytes = good;
    while (!input.empty()) {
        // A large step leads anywhere, a small one along the header.
        const std::size_t at = input.number<std::uint16_t>() % bytes.size();
        bytes[at] = static_cast<char>(input.byte());
    }
    const std::string path = place().write("bytes", bytes);
    for (const char* beside : {"bytes-wal", "bytes-shm"})
        std::filesystem::remove(place().file(beside));
    auto store = SqliteStore::open(path);
    if (!store) {
        holds(store.error().kind != ErrorKind::NotFound, "a store is opened, or why not");
        return;
    }
    call_readers(**store);
    call_writers(**store);
    answered((*store)->audit_trail(0, 100));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input{data, size};
    if (input.flag())
        try_bytes(input);
    else
        try_rows(input);
    return 0;
}
