// SPDX-License-Identifier: MIT
//
// The same strangers as in invented_names_test.cpp, but who live through real recoveries,
// over ssh and at a console: whatever these write, twice as many names in the same time
// leave not a row more.
#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>

#include "monitor/account.hpp"
#include "monitor/keys.hpp"
#include "tests/contract/in_memory_directory.hpp"
#include "tests/contract/store_under_test.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/strangers.hpp"

using namespace latchkey;
using namespace latchkey::contract;

namespace {

constexpr std::uint32_t kBuckets = 4096;
// A part of the host: only names and sources that fall into as many buckets of theirs.
constexpr std::uint32_t kLookedAt = 4;
// Longer than any attempt is kept.
constexpr std::size_t kDays = 10;
static_assert(std::chrono::days{kDays} > kAttemptsKept);

// Which bucket of core/recovery_checking.cpp holds what a source did without a human check.
// Were it another one, the rows of ever new sources would go on growing here.
std::uint32_t bucket_of_source(const std::string& source) {
    std::uint32_t hash = 2166136261U;
    for (const char c : source) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash % kBuckets;
}

// Ever new texts, each of the bucket that is asked for.
class Inventor {
public:
    using BucketOf = std::function<std::uint32_t(const std::string&)>;

    Inventor(std::string beginning, BucketOf bucket_of)
        : beginning_(std::move(beginning)), bucket_of_(std::move(bucket_of)) {}

    std::string invent(std::size_t bucket) {
        while (texts_[bucket].empty()) {
            std::string text = beginning_ + std::to_string(tried_++);
            const std::uint32_t its_bucket = bucket_of_(text);
            if (its_bucket < kLookedAt) texts_[its_bucket].push_back(std::move(text));
        }
        std::string text = std::move(texts_[bucket].front());
        texts_[bucket].pop_front();
        return text;
    }

private:
    std::string beginning_;
    BucketOf bucket_of_;
    std::array<std::deque<std::string>, kLookedAt> texts_;
    std::uint64_t tried_ = 0;
};

class InventedNames {
public:
    using Rows = std::map<std::string, std::int64_t>;

    InventedNames() {
        world_.remembers = &on_.store;
        world_.add_telephones();
        world_.settings.methods["push"] = {"Approve a notification on my phone",
                                           MethodKind::Approval,
                                           {"push"},
                                           std::chrono::minutes{10},
                                           Medium::Other};
        world_.settings.human_check.when = HumanCheckWhen::AfterFailures;
        world_.settings.limits.saved_code_alarm = 1;  // so that there are alarms
        world_.settings.limits.host_alarm_per_day = 5;
    }

    // Each from a source of its own. Every bucket is met at the same times of each day, so
    // that of the alarms, one a day, as many are kept at any time.
    void call(std::size_t names_a_day) {
        REQUIRE(names_a_day % kLookedAt == 0);
        const auto pace = std::chrono::seconds{std::chrono::days{1}} / names_a_day;
        for (std::size_t i = 0; i < names_a_day * kDays; ++i) {
            become(names_.invent(i % kLookedAt));
            try_everything(sources_.invent(i % kLookedAt));
            if (i == 0) rows_while_alive_ = rows_now();
            world_.clock.advance(pace);
            clean_up();
        }
    }
    // What the first name had written before any time passed.
    [[nodiscard]] const Rows& rows_while_alive() const { return rows_while_alive_; }
    // Of every table that the store has.
    [[nodiscard]] Rows rows_now() const {
        SQLite::Database database{on_.directory.file("store.db"), SQLite::OPEN_READONLY};
        Rows rows;
        SQLite::Statement tables{database, "SELECT name FROM sqlite_master WHERE type = 'table'"};
        while (tables.executeStep()) {
            const std::string name = tables.getColumn(0).getString();
            rows[name] = database.execAndGet("SELECT count(*) FROM " + name).getInt64();
        }
        return rows;
    }
    [[nodiscard]] std::int64_t attempts(const std::string& condition) const {
        SQLite::Database database{on_.directory.file("store.db"), SQLite::OPEN_READONLY};
        return database.execAndGet("SELECT count(*) FROM attempt WHERE " + condition).getInt64();
    }
    [[nodiscard]] std::int64_t attempts(AttemptKind kind) const {
        return attempts("kind = " + std::to_string(static_cast<int>(kind)));
    }
    [[nodiscard]] std::size_t requests_to_devices() const {
        return world_.channels.requests.size();
    }
    [[nodiscard]] std::size_t human_checks() const { return human_checks_; }

private:
    void try_everything(const std::string& source) {
        world_.over_ssh(source);
        stranger_tries_everything(world_);
        (void)world_.connect("no sign of it", "eve@example.org", "00000000", "");
        human_checks_ += world_.kinds().front() == ScreenKind::HumanCheck ? 1 : 0;
        world_.at_console();
        (void)world_.connect("1", "00000000", "r", "m", "2", "00000000", "m", "3", "000000");
    }
    void become(const std::string& name) {
        world_.request.subject = bucket_of(name, master_key_);
        world_.request.subkey = subject_key(master_key_, world_.request.subject, name);
        world_.request.deliverable = false;
        world_.request.account_name.clear();
    }
    // What the host's timer does.
    void clean_up() {
        const TimePoint now = world_.clock.now();
        const auto rows = on_.store.claim_due(now, now + 2min, 1000).value();
        for (const OutboxRow& row : rows) {
            CHECK(row.sealed.empty());
            REQUIRE(on_.store.finish_delivery(row.id, "nothing sent", now));
        }
        REQUIRE(on_.store.prune(now));
    }

    InMemoryDirectory place_;
    OnSqlite on_;
    RecoveryWorld world_;
    Secret master_key_{std::string(32, 'k')};
    Inventor names_{"nobody", [this](const std::string& name) {
                        const SubjectKey bucket = bucket_of(name, master_key_);
                        return static_cast<std::uint32_t>(std::stoul(bucket.substr(1)));
                    }};
    Inventor sources_{"2001:db8::", &bucket_of_source};
    Rows rows_while_alive_;
    std::size_t human_checks_ = 0;
};

std::string in_words(const InventedNames::Rows& rows) {
    std::string words;
    for (const auto& [table, count] : rows)
        words += (words.empty() ? "" : ", ") + table + ' ' + std::to_string(count);
    return words;
}

}  // namespace

TEST_CASE("recoveries at twice as many invented names leave not a row more") {
    const auto names_a_day = rounds<std::size_t>(16, 600);
    InventedNames invented;
    invented.call(names_a_day);
    const auto after_n = invented.rows_now();
    invented.call(2 * names_a_day);
    const auto after_2n = invented.rows_now();

    INFO(in_words(after_n) << " and then " << in_words(after_2n));
    CHECK(after_2n == after_n);
    // They had something to leave: every kind of attempt that needs no proof, and alarms.
    for (const AttemptKind kind :
         {AttemptKind::Start, AttemptKind::Address, AttemptKind::Send, AttemptKind::Code,
          AttemptKind::SavedCode, AttemptKind::Resume, AttemptKind::Alarm}) {
        INFO(static_cast<int>(kind));
        CHECK(invented.attempts(kind) > 0);
    }
    for (const char* table : {"recovery", "code"}) {
        INFO(table);
        CHECK(invented.rows_while_alive().at(table) > 0);
    }
    CHECK(invented.human_checks() == 3 * names_a_day * kDays);
    // The buckets are full, of names and of sources, and not more than full.
    CHECK(invented.attempts("subject GLOB '#[0-9]*'") == kLookedAt * kAttemptsPerBucket);
    CHECK(invented.attempts("subject GLOB '#unchecked-*' AND source NOT GLOB '*console*'") ==
          kLookedAt * kAttemptsPerBucket);
    // Nobody's device was asked, and no channel carried anything.
    CHECK(invented.requests_to_devices() == 0);
    CHECK(invented.attempts(AttemptKind::Approval) == 0);
    CHECK(invented.attempts(AttemptKind::Carry) == 0);
    const auto names = names_a_day * kDays;
    evidence("H3 invented names fill no disk",
             std::to_string(names) + " invented names in " + std::to_string(kDays) +
                 " days, then " + std::to_string(2 * names) +
                 " in as many, whole recoveries over ssh and at a console, in " +
                 std::to_string(kLookedAt) + " buckets",
             "rows after both: " + in_words(after_2n));
}
