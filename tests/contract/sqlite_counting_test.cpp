// SPDX-License-Identifier: MIT
//
// Counting, as it must hold against everybody at once: the limits that are
// shipped, on the real store, asked by real processes that start together.
#include <algorithm>
#include <numeric>

#include "core/limits.hpp"
#include "tests/contract/store_under_test.hpp"
#include "tests/contract/together.hpp"
#include "tests/support/evidence.hpp"

using namespace latchkey;
using namespace latchkey::contract;

using Kind = AttemptKind;

namespace {

const LimitSettings kShipped;

std::vector<Limit> shipped(Kind kind) {
    return limits_for(kind, kShipped);
}

// Who waited in line for longer than 3 s is refused, and has guessed nothing.
Result<unsigned> nothing_if_busy(const Error& error) {
    if (error.kind == ErrorKind::Unavailable) return 0U;
    return error;
}

SubjectKey person(std::size_t round) {
    return std::to_string(1000 + round) + ":ada";
}

// A recovery of each round's person, each with a code.
std::vector<RecoveryId> recoveries_of_persons(Store& store, std::size_t count) {
    std::vector<RecoveryId> ids;
    for (std::size_t round = 0; round < count; ++round) {
        NewRecovery recovery = new_recovery();
        recovery.subject = person(round);
        ids.push_back(store.start_recovery(recovery, "mine", {}).value().id);
        REQUIRE(store.issue_code(code(ids.back())));
    }
    return ids;
}

// In order: how often each result came.
std::string spread(std::vector<unsigned> results) {
    std::sort(results.begin(), results.end());
    return std::to_string(results.front()) + " to " + std::to_string(results.back());
}

bool all_are(const std::vector<unsigned>& results, unsigned value) {
    return std::all_of(results.begin(), results.end(), [=](unsigned r) { return r == value; });
}

std::uint32_t recorded(Store& store, const Attempt& like, LimitScope scope, Kind kind) {
    return store.count_attempts(like, at_most(1, scope, {kind}, 24h), kNow).value();
}

}  // namespace

TEST_CASE("of however many processes that guess one code at a barrier five at most are compared") {
    OnSqlite on;
    const unsigned kGuessers = rounds(100U, 1000U);
    const std::size_t kRounds = rounds<std::size_t>(3, 200);
    const auto ids = recoveries_of_persons(on.store, kRounds);
    const auto limits = shipped(Kind::Code);
    const auto guess_once = [&](Store& store, std::size_t round) -> Result<unsigned> {
        Attempt wrong = guess(ids.at(round));
        wrong.subject = person(round);
        const auto charged = store.charge_attempt(wrong, limits, kNow);
        if (!charged) return nothing_if_busy(charged.error());
        if (!charged->allowed) return 0U;
        // From here on it is compared, whatever the verdict.
        const auto verdict = store.settle_code(charged->id, ids.at(round), "email", digest_of(1),
                                               {"email:e", kNow}, kShipped.wrong_per_code);
        if (!verdict && verdict.error().kind != ErrorKind::Unavailable) return verdict.error();
        return 1U;
    };
    const auto compared =
        Together{kGuessers}.run(on.directory.file("store.db"), kRounds, guess_once);

    for (std::size_t round = 0; round < kRounds; ++round) {
        // On a slow disk fewer than five get their turn within the 3 s; the rest is refused.
        CHECK(compared.at(round) >= 1);
        CHECK(compared.at(round) <= 5);
        Attempt like = guess(ids.at(round));
        like.subject = person(round);
        const auto on_disk = recorded(on.store, like, LimitScope::Subject, Kind::Code);
        CHECK(on_disk >= compared.at(round));
        CHECK(on_disk <= 5);
    }
    evidence("G7 counting, one code",
             std::to_string(kGuessers) + " processes guess one code at a barrier, " +
                 std::to_string(kRounds) + " rounds",
             spread(compared) + " guesses compared a round");
}

TEST_CASE("a code counts its wrong entries by itself when no other limit stands before it") {
    OnSqlite on;
    const std::size_t kRounds = rounds<std::size_t>(20, 200);
    const auto ids = recoveries_of_persons(on.store, kRounds);
    const auto guess_once = [&](Store& store, std::size_t round) -> Result<unsigned> {
        const auto charged = store.charge_attempt(guess(ids.at(round)), {}, kNow);
        if (!charged) return nothing_if_busy(charged.error());
        const auto verdict = store.settle_code(charged->id, ids.at(round), "email", digest_of(1),
                                               {"email:e", kNow}, kShipped.wrong_per_code);
        if (!verdict) return nothing_if_busy(verdict.error());
        return *verdict == Verdict::Wrong ? 1U : 0U;
    };
    // The fifth wrong entry is told "used up", as are all after it. On a machine that has
    // much else to do fewer than five get their turn in some round, but not in all.
    const auto wrong = Together{40}.run(on.directory.file("store.db"), kRounds, guess_once);
    CHECK(std::count_if(wrong.begin(), wrong.end(), [](unsigned n) { return n > 4; }) == 0);
    CHECK(std::count(wrong.begin(), wrong.end(), 4U) > 0);
}

TEST_CASE("ten guesses a day are compared over resends, reconnects, methods and sources") {
    OnSqlite on;
    constexpr int kGuesses = 10'000;
    constexpr int kDays = 4;
    REQUIRE(on.store.enrol_authenticator("1001:ada", {"sealed", 0, kNow}));
    std::vector<TimePoint> compared;
    std::array<unsigned, 2> by_method{};
    RecoveryId id = 0;
    for (int i = 0; i < kGuesses; ++i) {
        const TimePoint at = kNow + i * (kDays * 86400s) / kGuesses;
        if (i % 25 == 0) {  // a new connection, with a recovery of its own
            NewRecovery recovery = new_recovery();
            recovery.opened_at = at;
            recovery.expires_at = at + 15min;
            id = on.store.start_recovery(recovery, std::to_string(i), {}).value().id;
        }
        if (i % 40 == 0) REQUIRE(on.store.issue_code(code(id, 7, at)));  // a new code
        const bool by_app = i % 2 == 1;
        const std::string source = "198.51.100." + std::to_string(i % 100);
        const Attempt next{"1001:ada", source, by_app ? Kind::Otp : Kind::Code,
                           by_app ? "totp" : "email", id};
        const auto charge = on.store.charge_attempt(next, shipped(next.kind), at);
        REQUIRE(charge);
        if (!charge->allowed) continue;
        compared.push_back(at);
        ++by_method.at(by_app ? 1 : 0);
    }
    std::size_t most_in_a_day = 0;
    for (const TimePoint end : compared)
        most_in_a_day = std::max<std::size_t>(
            most_in_a_day, std::count_if(compared.begin(), compared.end(), [&](TimePoint at) {
                return at > end - 24h && at <= end;
            }));
    CHECK(most_in_a_day == 10);
    CHECK(by_method[0] <= 20);
    CHECK(by_method[1] <= 20);
    evidence("T2 counting, one account",
             "10,000 guesses in 4 days over resends, reconnects, 2 methods, 100 sources",
             "at most " + std::to_string(most_in_a_day) + " compared in 24 h, " +
                 std::to_string(compared.size()) + " in all");
}

TEST_CASE("eight processes at once guess a saved code once in two seconds and source") {
    OnSqlite on;
    constexpr std::size_t kSeconds = 40;
    const auto limits = shipped(Kind::SavedCode);
    const auto guess_saved = [&](Store& store, std::size_t second) -> Result<unsigned> {
        unsigned allowed = 0;
        for (const char* source : {"192.0.2.7", "192.0.2.8"}) {
            const auto charged =
                store.charge_attempt(attempt(Kind::SavedCode, "1001:ada", source, "saved"), limits,
                                     kNow + std::chrono::seconds{second});
            if (!charged) return charged.error();
            allowed += charged->allowed ? 1U : 0U;
        }
        return allowed;
    };
    const auto allowed = Together{}.run(on.directory.file("store.db"), kSeconds, guess_saved);
    for (std::size_t second = 0; second < kSeconds; ++second)
        CHECK(allowed.at(second) == (second % 2 == 0 ? 2 : 0));
    evidence("G7 counting, saved codes", "8 processes, 2 sources, 40 seconds, 640 guesses",
             std::to_string(std::accumulate(allowed.begin(), allowed.end(), 0U)) +
                 " compared: 1 in 2 s and source");
}

TEST_CASE("a right code of an e-mail given eight times at once is accepted once, every time") {
    OnSqlite on;
    const std::size_t kRounds = rounds<std::size_t>(200, 1000);
    const auto ids = recoveries_of_persons(on.store, kRounds);
    const auto limits = shipped(Kind::Code);
    const auto enter_right = [&](Store& store, std::size_t round) -> Result<unsigned> {
        Attempt right = guess(ids.at(round));
        right.subject = person(round);
        const auto charged = store.charge_attempt(right, limits, kNow);
        if (!charged) return charged.error();
        if (!charged->allowed) return 0U;
        const auto verdict = store.settle_code(charged->id, ids.at(round), "email", digest_of(7),
                                               {"email:e", kNow}, kShipped.wrong_per_code);
        if (!verdict) return verdict.error();
        return *verdict == Verdict::Right ? 1U : 0U;
    };
    const auto accepted = Together{}.run(on.directory.file("store.db"), kRounds, enter_right);
    CHECK(all_are(accepted, 1));
    evidence("G7 a right code at once, e-mail",
             "8 processes give one right code, " + std::to_string(kRounds) + " rounds",
             "accepted " + spread(accepted) + " times a round");
}

TEST_CASE("a right number of an app given eight times at once is accepted once, every time") {
    OnSqlite on;
    const std::size_t kRounds = rounds<std::size_t>(200, 1000);
    const auto ids = recoveries_of_persons(on.store, kRounds);
    for (std::size_t round = 0; round < kRounds; ++round)
        REQUIRE(on.store.enrol_authenticator(person(round), {"sealed", 100, kNow}));
    const auto limits = shipped(Kind::Otp);
    const auto enter_otp = [&](Store& store, std::size_t round) -> Result<unsigned> {
        Attempt right = guess(ids.at(round), Kind::Otp, "totp");
        right.subject = person(round);
        const auto charged = store.charge_attempt(right, limits, kNow);
        if (!charged) return charged.error();
        if (!charged->allowed) return 0U;
        const auto verdict = store.settle_otp(charged->id, ids.at(round),
                                              {person(round), 101, "sealed"}, {"app", kNow});
        if (!verdict) return verdict.error();
        return *verdict == Verdict::Right ? 1U : 0U;
    };
    const auto accepted = Together{}.run(on.directory.file("store.db"), kRounds, enter_otp);
    CHECK(all_are(accepted, 1));
    evidence("G7 a right code at once, TOTP",
             "8 processes give one right number, " + std::to_string(kRounds) + " rounds",
             "accepted " + spread(accepted) + " times a round");
}
