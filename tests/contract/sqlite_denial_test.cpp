// SPDX-License-Identifier: MIT
//
// The week of tests/unit/recovery_denial_test.cpp once more, on the real store:
// what strangers leave in it neither shuts the owner out nor fills the disk.
#include <stdlib.h>

#include <filesystem>

#include "tests/contract/store_under_test.hpp"
#include "tests/support/strangers.hpp"

using namespace latchkey;
using namespace latchkey::contract;

using Kind = AttemptKind;

TEST_CASE("on the real store strangers keep the owner out on no day of a week") {
    // In memory: a week of syncs is no part of the question.
    ::setenv("TMPDIR", "/dev/shm", 0);
    OnSqlite on;
    RecoveryWorld world;
    world.remembers = &on.store;
    world.enrol_everything();
    std::vector<OutboxRow> posted;
    // Takes what is due, as a delivery does; only rows with a text reach anybody.
    const auto take_due = [&] {
        std::size_t taken = 0;
        for (;;) {
            const TimePoint now = world.clock.now();
            const auto rows = on.store.claim_due(now, now + 1min, 100).value();
            if (rows.empty()) return taken;
            for (const OutboxRow& row : rows) {
                REQUIRE(on.store.finish_delivery(row.id, "accepted", now));
                if (row.sealed.empty()) continue;
                posted.push_back(row);
                ++taken;
            }
        }
    };
    std::size_t already_taken = 0;
    const auto sent_code = [&](const Screen&) {
        already_taken += take_due();
        return RecoveryWorld::code_in(world.opened(posted.back()));
    };
    const auto post = [&] { return take_due() + std::exchange(already_taken, 0); };

    live_through_a_week(world, rounds(60, 1000), sent_code, post, "real store");
    on.opened.reset();  // moves the log into the file
    const auto bytes = std::filesystem::file_size(on.directory.file("store.db"));
    CHECK(bytes < 64U * 1024 * 1024);
}

TEST_CASE("strangers who guess saved codes leave no more of them than an alarm needs") {
    ::setenv("TMPDIR", "/dev/shm", 0);
    OnSqlite on;
    const int kBatches = rounds(5, 60);
    for (int batch = 0; batch < kBatches; ++batch) {
        std::vector<LimitedAttempt> guesses;
        for (int i = 0; i < 1000; ++i)
            guesses.push_back(
                {attempt(Kind::SavedCode, "1001:ada", "198.51.100." + std::to_string(i % 100)),
                 {}});
        REQUIRE(on.store.start_recovery(new_recovery(), std::to_string(batch), guesses));
    }
    const Limit all = at_most(1, LimitScope::Subject, {Kind::SavedCode}, kAttemptsKept);
    const auto left = on.store.count_attempts(attempt(Kind::SavedCode), all, kNow).value();
    on.opened.reset();  // moves the log into the file
    const auto bytes = std::filesystem::file_size(on.directory.file("store.db"));
    CHECK(left == kSavedCodeAttemptsKept);
    CHECK(bytes < 1024U * 1024);
    evidence("T6 rows that strangers leave",
             std::to_string(kBatches * 1000) + " wrong saved codes at one account",
             std::to_string(left) + " rows, a store of " + std::to_string(bytes / 1024) + " KiB");
}
