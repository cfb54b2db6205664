// SPDX-License-Identifier: MIT
//
// The two stores that the suite runs on, and the words its cases are told in.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "adapters/sqlite_store/sqlite_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_store.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey::contract {

using namespace std::chrono_literals;

struct OnSqlite {
    TemporaryDirectory directory;
    std::unique_ptr<Store> opened = SqliteStore::open(directory.file("store.db")).value();
    Store& store = *opened;
};

struct InMemory {
    FakeStore fake;
    Store& store = fake;
};

inline constexpr TimePoint kNow{1'800'000'000s};

inline Digest digest_of(std::uint8_t byte) {
    Digest digest{};
    digest.fill(byte);
    return digest;
}

inline Attempt attempt(AttemptKind kind, const SubjectKey& subject = "1001:ada",
                       const std::string& source = "192.0.2.7", const std::string& method = "") {
    return {subject, source, kind, method, 0};
}

inline Attempt guess(RecoveryId recovery, AttemptKind kind = AttemptKind::Code,
                     const std::string& method = "email") {
    return {"1001:ada", "192.0.2.7", kind, method, recovery};
}

inline Limit at_most(std::uint32_t number, LimitScope scope, std::vector<AttemptKind> kinds,
                     std::chrono::seconds window = 1h) {
    return {scope, std::move(kinds), window, number, false, false};
}

inline NewRecovery new_recovery(std::uint32_t gates = 1) {
    return {"1001:ada", true,        Reason::ForgotPassword, "login", "console:tty1", gates,
            kNow,       kNow + 15min};
}

inline OutboxRow message(OutboxPurpose purpose = OutboxPurpose::Code,
                         const std::string& sealed = "sealed text") {
    return {0, "1001:ada", "email", purpose, sealed, kNow, kNow + 10min, 0};
}

inline IssuedCode code(RecoveryId recovery, std::uint8_t byte = 7, TimePoint at = kNow) {
    return {recovery, "email", digest_of(byte), digest_of(99), at, at + 10min, message()};
}

// Charges without limits; the id of the attempt.
inline AttemptId charge(Store& store, const Attempt& what, TimePoint at = kNow) {
    const auto charged = store.charge_attempt(what, {}, at);
    REQUIRE(charged);
    REQUIRE(charged->allowed);
    return charged->id;
}

inline bool allowed(Store& store, const Attempt& what, const std::vector<Limit>& limits,
                    TimePoint at = kNow) {
    const auto charged = store.charge_attempt(what, limits, at);
    REQUIRE(charged);
    return charged->allowed;
}

// One entry of a code: charged and settled.
inline Verdict enter(Store& store, RecoveryId recovery, std::uint8_t byte, TimePoint at = kNow,
                     std::uint32_t wrong_per_code = 5) {
    const AttemptId id = charge(store, guess(recovery), at);
    const auto verdict =
        store.settle_code(id, recovery, "email", digest_of(byte),
                          {"email:example.org", at, digest_of(byte + 20)}, wrong_per_code);
    REQUIRE(verdict);
    return *verdict;
}

// A recovery of a later connection.
inline RecoveryId begin_later(Store& store, TimePoint at, const SubjectKey& subject = "1001:ada") {
    NewRecovery later = new_recovery();
    later.subject = subject;
    later.opened_at = at;
    later.expires_at = at + 15min;
    return store.start_recovery(later, "later", {}).value().id;
}
inline std::optional<TimePoint> take_up(Store& store, RecoveryId recovery, TimePoint at,
                                        std::string_view method = "email",
                                        std::uint8_t sent_to = 99) {
    return store.take_up_code(recovery, method, digest_of(sent_to), 5, at).value();
}

inline Grant grant(RecoveryId recovery, const std::string& lease = "mine", TimePoint at = kNow) {
    return {recovery, lease,    {message(OutboxPurpose::Notice)}, "granted", "by email",
            at,       at - 5min};
}

}  // namespace latchkey::contract
