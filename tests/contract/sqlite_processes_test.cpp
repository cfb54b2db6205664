// SPDX-License-Identifier: MIT
//
// The SQLite store under real processes: what happens at once, and what is left
// of one that was killed.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>

#include <algorithm>
#include <limits>

#include "adapters/system/unique_fd.hpp"
#include "tests/contract/store_under_test.hpp"
#include "tests/contract/together.hpp"

using namespace latchkey;
using namespace latchkey::contract;

using Kind = AttemptKind;

namespace {

std::vector<unsigned> each(std::size_t rounds, unsigned value) {
    return std::vector<unsigned>(rounds, value);
}

unsigned once_if(bool happened) {
    return happened ? 1 : 0;
}

// How many processes stand in line: the locks on single bytes of the queue file
// from `first` to `last`. The kernel names any one of them, so both sides are asked.
unsigned places_taken(int queue, std::int64_t first, std::int64_t last) {
    if (first > last) return 0;
    struct flock found {};
    found.l_type = F_WRLCK;
    found.l_whence = SEEK_SET;
    found.l_start = first;
    found.l_len = last - first + 1;
    REQUIRE(::fcntl(queue, F_OFD_GETLK, &found) == 0);
    if (found.l_type == F_UNLCK) return 0;
    return places_taken(queue, first, found.l_start - 1) + 1 +
           places_taken(queue, found.l_start + 1, last);
}

void wait_until_in_line(int queue, unsigned processes) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (places_taken(queue, 0, std::numeric_limits<std::int64_t>::max() - 1) < processes) {
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        ::sched_yield();
    }
}

// One recovery with a code for each round; their ids.
std::vector<RecoveryId> recoveries_with_codes(Store& store, std::size_t rounds) {
    std::vector<RecoveryId> ids;
    for (std::size_t i = 0; i < rounds; ++i) {
        ids.push_back(store.start_recovery(new_recovery(), "mine", {}).value().id);
        REQUIRE(store.issue_code(code(ids.back())));
    }
    return ids;
}

}  // namespace

TEST_CASE("eight processes that charge at once never exceed a limit of five") {
    OnSqlite on;
    constexpr std::size_t kRounds = 50;
    const auto subject = [](std::size_t round) { return std::to_string(1000 + round) + ":ada"; };
    const Limit five = at_most(5, LimitScope::Subject, {Kind::Code});
    const auto charge_three = [&](Store& store, std::size_t round) -> Result<unsigned> {
        unsigned charged = 0;
        for (int i = 0; i < 3; ++i) {
            const auto charge =
                store.charge_attempt(attempt(Kind::Code, subject(round)), {&five, 1}, kNow);
            if (!charge) return charge.error();
            charged += once_if(charge->allowed);
        }
        return charged;
    };
    CHECK(Together{}.run(on.directory.file("store.db"), kRounds, charge_three) == each(kRounds, 5));
    for (std::size_t round = 0; round < kRounds; ++round)
        CHECK(on.store.count_attempts(attempt(Kind::Code, subject(round)), five, kNow).value() ==
              5);
}

TEST_CASE("a right code given by eight processes at once is right exactly once") {
    OnSqlite on;
    constexpr std::size_t kRounds = 100;
    const auto ids = recoveries_with_codes(on.store, kRounds);
    const auto enter_right = [&](Store& store, std::size_t round) -> Result<unsigned> {
        const auto charged = store.charge_attempt(guess(ids.at(round)), {}, kNow);
        if (!charged) return charged.error();
        const auto verdict = store.settle_code(charged->id, ids.at(round), "email", digest_of(7),
                                               {"email:example.org", kNow}, 5);
        if (!verdict) return verdict.error();
        return once_if(*verdict == Verdict::Right);
    };
    CHECK(Together{}.run(on.directory.file("store.db"), kRounds, enter_right) == each(kRounds, 1));
    for (const RecoveryId id : ids) CHECK(on.store.open_gates(id).value().size() == 1);
}

TEST_CASE("eight guessers at once have five guesses at a code, no more and no fewer") {
    OnSqlite on;
    constexpr std::size_t kRounds = 40;
    const auto ids = recoveries_with_codes(on.store, kRounds);
    const auto guess_wrong = [&](Store& store, std::size_t round) -> Result<unsigned> {
        unsigned told_wrong = 0;
        for (int i = 0; i < 3; ++i) {
            const auto charged = store.charge_attempt(guess(ids.at(round)), {}, kNow);
            if (!charged) return charged.error();
            const auto verdict = store.settle_code(charged->id, ids.at(round), "email",
                                                   digest_of(1), {"email:e", kNow}, 5);
            if (!verdict) return verdict.error();
            told_wrong += once_if(*verdict == Verdict::Wrong);
        }
        return told_wrong;
    };
    // The fifth is told that the code is used up, and so are all after it.
    CHECK(Together{}.run(on.directory.file("store.db"), kRounds, guess_wrong) == each(kRounds, 4));
    for (const RecoveryId id : ids) CHECK(enter(on.store, id, 7) == Verdict::Exhausted);
}

TEST_CASE("an otp, a grant and a resume code given by eight processes work exactly once") {
    OnSqlite on;
    constexpr std::size_t kRounds = 40;
    const auto ids = recoveries_with_codes(on.store, kRounds);
    REQUIRE(on.store.enrol_authenticator("1001:ada", {"sealed", 0, kNow}));
    const auto enter_otp = [&](Store& store, std::size_t round) -> Result<unsigned> {
        const RecoveryId id = ids.at(round);
        const auto charged = store.charge_attempt(guess(id, Kind::Otp, "totp"), {}, kNow);
        if (!charged) return charged.error();
        const auto verdict =
            store.settle_otp(charged->id, id, {"1001:ada", round + 1, "sealed"}, {"app", kNow});
        if (!verdict) return verdict.error();
        return once_if(*verdict == Verdict::Right);
    };
    CHECK(Together{}.run(on.directory.file("store.db"), kRounds, enter_otp) == each(kRounds, 1));

    for (std::size_t round = 0; round < kRounds; ++round) {
        Digest resume_code = digest_of(static_cast<std::uint8_t>(round));
        REQUIRE(on.store.set_resume_code(ids.at(round), resume_code, {}));
        REQUIRE(on.store.release(ids.at(round), "mine"));
    }
    const auto resume = [&](Store& store, std::size_t round) -> Result<unsigned> {
        const auto found =
            store.resume({"1001:ada", "login", "console:tty1",
                          digest_of(static_cast<std::uint8_t>(round)), "second", kNow});
        if (!found) return found.error();
        return once_if(found->has_value());
    };
    CHECK(Together{}.run(on.directory.file("store.db"), kRounds, resume) == each(kRounds, 1));

    const auto spend = [&](Store& store, std::size_t round) -> Result<unsigned> {
        const auto spent = store.spend_grant(grant(ids.at(round), "second"));
        if (!spent) return spent.error();
        return once_if(*spent);
    };
    CHECK(Together{}.run(on.directory.file("store.db"), kRounds, spend) == each(kRounds, 1));
    CHECK(on.store.audit("1001:ada", 1000).value().size() == kRounds);
    const auto trail = on.store.audit_trail(0, 1000).value();
    CHECK(trail.rows.size() == kRounds);
    CHECK(std::all_of(trail.rows.begin(), trail.rows.end(),
                      [](const TrailRow& row) { return row.is_linked; }));
}

TEST_CASE("eight deliverers share the outbox without taking a row twice") {
    OnSqlite on;
    constexpr std::size_t kRows = 100;
    recoveries_with_codes(on.store, kRows);
    const auto deliver = [](Store& store, std::size_t) -> Result<unsigned> {
        const auto rows = store.claim_due(kNow, kNow + 1min, 3);
        if (!rows) return rows.error();
        for (const OutboxRow& row : *rows) {
            auto finished = store.finish_delivery(row.id, "accepted", kNow);
            if (!finished) return finished.error();
        }
        return static_cast<unsigned>(rows->size());
    };
    unsigned delivered = 0;
    for (const unsigned rows : Together{}.run(on.directory.file("store.db"), 10, deliver))
        delivered += rows;
    CHECK(delivered == kRows);
    CHECK(on.store.audit("1001:ada", 1000).value().size() == kRows);
}

TEST_CASE("writers have their turn in the order in which they came") {
    OnSqlite on;
    const std::string path = on.directory.file("store.db");
    const UniqueFd queue{::open((path + "-queue").c_str(), O_RDWR | O_CLOEXEC)};
    REQUIRE(::flock(queue.get(), LOCK_EX | LOCK_NB) == 0);
    std::vector<pid_t> children;
    for (unsigned i = 0; i < kProcesses; ++i) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            auto store = SqliteStore::open(path);
            const bool done =
                store && (*store)->append_audit({kNow, "came", "1001:ada", std::to_string(i)});
            ::_exit(done ? 0 : 1);
        }
        children.push_back(child);
        wait_until_in_line(queue.get(), i + 1);
    }
    REQUIRE(::flock(queue.get(), LOCK_UN) == 0);
    for (const pid_t child : children) {
        int status = -1;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
    const auto served = on.store.audit("1001:ada", kProcesses).value();
    REQUIRE(served.size() == kProcesses);
    for (unsigned i = 0; i < kProcesses; ++i)
        CHECK(served.at(kProcesses - 1 - i).detail == std::to_string(i));
}

TEST_CASE("eight processes that create the store at once find one store") {
    const TemporaryDirectory directory;
    for (int round = 0; round < 10; ++round) {
        const std::string path = directory.file("store" + std::to_string(round) + ".db");
        const auto charge_one = [](Store& store, std::size_t) -> Result<unsigned> {
            const auto charged = store.charge_attempt(attempt(Kind::Start), {}, kNow);
            if (!charged) return charged.error();
            return once_if(charged->allowed);
        };
        CHECK(Together{}.run(path, 1, charge_one) == each(1, kProcesses));
        auto store = SqliteStore::open(path);
        REQUIRE(store);
        const Limit any = at_most(1, LimitScope::Host, {Kind::Start});
        CHECK((*store)->count_attempts(attempt(Kind::Start), any, kNow).value() == kProcesses);
    }
}

TEST_CASE("an attempt is on disk when its charge returns, whatever kills the process") {
    const TemporaryDirectory directory;
    const Limit any = at_most(1, LimitScope::Host, {Kind::Code});
    for (std::uint32_t round = 1; round <= 20; ++round) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            auto store = SqliteStore::open(directory.file("store.db"));
            if (!store || !(*store)->charge_attempt(attempt(Kind::Code), {}, kNow)) ::_exit(1);
            ::raise(SIGKILL);
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        auto reopened = SqliteStore::open(directory.file("store.db"));
        REQUIRE(reopened);
        CHECK((*reopened)->count_attempts(attempt(Kind::Code), any, kNow).value() == round);
    }
}

TEST_CASE("a process killed while it writes leaves whole transactions and no lock") {
    const TemporaryDirectory directory;
    const std::string path = directory.file("store.db");
    REQUIRE(SqliteStore::open(path));
    constexpr std::uint32_t kSeen = 25;
    int pipe_ends[2];
    REQUIRE(::pipe(pipe_ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        auto store = SqliteStore::open(path);
        while (store && (*store)->charge_attempt(attempt(Kind::Code), {}, kNow))
            if (::write(pipe_ends[1], "x", 1) != 1) break;
        ::_exit(1);
    }
    for (std::uint32_t i = 0; i < kSeen; ++i) {
        char byte = 0;
        REQUIRE(::read(pipe_ends[0], &byte, 1) == 1);
    }
    ::kill(child, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    ::close(pipe_ends[0]);
    ::close(pipe_ends[1]);

    auto reopened = SqliteStore::open(path);
    REQUIRE(reopened);
    const Limit any = at_most(1, LimitScope::Host, {Kind::Code});
    CHECK((*reopened)->count_attempts(attempt(Kind::Code), any, kNow).value() >= kSeen);
    CHECK((*reopened)->charge_attempt(attempt(Kind::Code), {}, kNow));
}
