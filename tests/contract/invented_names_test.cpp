// SPDX-License-Identifier: MIT
//
// Strangers who invent names for ever fill no disk: what a name that is no
// account leaves behind is bounded, and the store's file stops growing.
#include <array>
#include <cstdint>
#include <filesystem>

#include "core/limits.hpp"
#include "monitor/account.hpp"
#include "tests/contract/in_memory_directory.hpp"
#include "tests/contract/store_under_test.hpp"
#include "tests/support/evidence.hpp"

using namespace latchkey;
using namespace latchkey::contract;

namespace {

constexpr std::uint32_t kBuckets = 4096;
// As many conversations as 32 slots and a grid of one second let through.
constexpr std::uint32_t kNamesPerSecond = 16;

// All of one length, so that later ones take no more room.
std::string source_of(std::uint64_t number) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "source %012llu",
                  static_cast<unsigned long long>(number));
    return text.data();
}

// Strangers without end at one store. `share` is the part of the host that is looked
// at: as many buckets, and only names that fall into them, as much more slowly.
class Strangers {
public:
    explicit Strangers(std::uint32_t share) : share_(share) {}

    void invent(std::size_t names) {
        for (std::size_t made = 0; made < names;) {
            const std::string name = "nobody" + std::to_string(tried_++);
            const SubjectKey bucket = bucket_of(name, key_);
            if (static_cast<std::uint32_t>(std::stoul(bucket.substr(1))) >= kBuckets / share_)
                continue;
            ++made;
            meet(bucket, source_of(tried_));
            // 1/16 s of the whole host for each name that was tried.
            if (tried_ / kNamesPerSecond > seconds_) advance(tried_ / kNamesPerSecond);
        }
    }
    [[nodiscard]] std::uintmax_t file_size() const {
        return std::filesystem::file_size(on_.directory.file("store.db"));
    }
    [[nodiscard]] std::uintmax_t log_size() const {
        return std::filesystem::file_size(on_.directory.file("store.db-wal"));
    }
    [[nodiscard]] std::uint32_t attempts_kept() {
        std::uint32_t kept = 0;
        for (std::uint32_t number = 0; number < kBuckets / share_; ++number) {
            std::array<char, 8> bucket{};
            std::snprintf(bucket.data(), bucket.size(), "#%04u", number);
            Limit all = at_most(
                1, LimitScope::Subject,
                {AttemptKind::Start, AttemptKind::Address, AttemptKind::Send, AttemptKind::Code},
                std::chrono::days{30});
            all.count_right = true;
            const Attempt like{bucket.data(), "", AttemptKind::Start, "", 0};
            const std::uint32_t of_bucket = on_.store.count_attempts(like, all, now()).value();
            CHECK(of_bucket <= kAttemptsPerBucket);
            kept += of_bucket;
        }
        return kept;
    }

private:
    [[nodiscard]] TimePoint now() const { return kNow + std::chrono::seconds{seconds_}; }

    // One conversation: address, code and all that is written for them.
    void meet(const SubjectKey& bucket, const std::string& source) {
        Store& store = on_.store;
        const auto charge = [&](AttemptKind kind, RecoveryId recovery, const std::string& method) {
            const Attempt attempt{bucket, source, kind, method, recovery};
            return store.charge_attempt(attempt, limits_for(kind, settings_), now()).value();
        };
        static_cast<void>(charge(AttemptKind::Start, 0, ""));
        const NewRecovery opened{bucket, false, Reason::ForgotPassword, "sshd", source,
                                 2,      now(), now() + 15min};
        const RecoveryId id = store.start_recovery(opened, "lease", {}).value().id;
        const Charge address = charge(AttemptKind::Address, id, "");
        if (address.allowed) REQUIRE(store.settle_attempt(address.id, AttemptResult::Wrong));
        static_cast<void>(charge(AttemptKind::Send, id, "-"));
        REQUIRE(store.issue_code({id, "-", digest_of(7), {}, now(), now() + 10min, std::nullopt}));
        const Charge guess = charge(AttemptKind::Code, id, "-");
        if (guess.allowed)
            REQUIRE(store.settle_code(guess.id, id, "-", digest_of(8), {"-", now()}, 5));
        REQUIRE(store.release(id, "lease"));
    }

    // Once a minute the outbox is emptied, and what is past its time is dropped.
    void advance(std::uint64_t to) {
        const bool next_minute = to / 60 != seconds_ / 60;
        seconds_ = to;
        if (!next_minute) return;
        for (bool more = true; more;) {
            const auto rows = on_.store.claim_due(now(), now() + 2min, 1000).value();
            for (const OutboxRow& row : rows) {
                CHECK(row.sealed.empty());
                REQUIRE(on_.store.finish_delivery(row.id, "nothing", now()));
            }
            more = !rows.empty();
        }
        REQUIRE(on_.store.prune(now()));
    }

    InMemoryDirectory place_;
    OnSqlite on_;
    Secret key_{std::string(32, 'k')};
    LimitSettings settings_;
    std::uint32_t share_;
    std::uint64_t tried_ = 0;
    std::uint64_t seconds_ = 0;
};

}  // namespace

TEST_CASE("invented names do not grow the store once its buckets are full") {
    // The short form looks at one bucket in 256.
    const auto share = rounds<std::uint32_t>(256, 1);
    Strangers strangers(share);
    const std::uint32_t buckets = kBuckets / share;
    // Four attempts each: four times what fills the buckets if they were filled evenly.
    const std::size_t warm_up = std::size_t{buckets} * kAttemptsPerBucket;
    const auto names = rounds<std::size_t>(1'500, 1'000'000);
    strangers.invent(warm_up);
    const auto file = strangers.file_size();
    const auto log = strangers.log_size();
    strangers.invent(names);
    constexpr std::uintmax_t kPage = 4096;  // trees of rows that come and go are not quite still
    const std::uint32_t kept = strangers.attempts_kept();
    // A row's number takes one byte more from 2^21 on, and the next one from 2^28 on: in the
    // table and in its four indexes.
    constexpr std::uintmax_t kLongerNumbers = 5;
    CHECK(strangers.file_size() <= file + file / 100 + 4 * kPage + kept * kLongerNumbers);
    CHECK(strangers.log_size() <= log + log / 10);
    CHECK(kept == buckets * kAttemptsPerBucket);  // full, and not more than full
    evidence("H3 invented names fill no disk",
             std::to_string(names) + " invented names after " + std::to_string(warm_up) + ", in " +
                 std::to_string(buckets) + " buckets",
             "file " + std::to_string(file) + " bytes before, " +
                 std::to_string(strangers.file_size()) + " after, attempts kept " +
                 std::to_string(kept));
}
