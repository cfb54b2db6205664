// SPDX-License-Identifier: MIT
//
// Proofs. Each is settled by one conditional update, so that of all processes
// that bring the same right answer one is told Right.
#include <limits>
#include <optional>

#include "adapters/sqlite_store/rows.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey {

namespace {

// The attempt of a proof. One statement that runs twice, because to prepare one costs more than
// to run it.
class Proof {
public:
    struct Also {
        const char* column;
        std::string_view value;
    };
    Proof(SQLite::Database& database, AttemptId id, AttemptKind kind, RecoveryId recovery)
        : settle_(database, kSettle) {
        settle_.with_from(3, id, kind, recovery);
    }
    // Only if the attempt's `also.column` is `also.value`, too.
    Proof(SQLite::Database& database, AttemptId id, AttemptKind kind, RecoveryId recovery,
          const Also& also)
        : settle_(database, std::string{kSettle} + " AND " + also.column + " = ?6") {
        settle_.with_from(3, id, kind, recovery, also.value);
    }

    // Settled as Wrong until it turns out Right: whatever stops us in between, a guess has been
    // counted. False if this is no attempt that waits.
    bool take() { return settle(AttemptResult::Pending, AttemptResult::Wrong); }
    void turned_out_right() {
        if (!settle(AttemptResult::Wrong, AttemptResult::Right)) throw NotOurs{"a lost attempt"};
    }

private:
    static constexpr const char* kSettle =
        "UPDATE attempt SET result = ?2 WHERE id = ?3 AND result = ?1 AND kind = ?4"
        " AND recovery = ?5";
    bool settle(AttemptResult from, AttemptResult to) {
        settle_.with(from, to);
        return settle_.run_again() == 1;
    }

    Query settle_;
};

// A proof that was found right elsewhere.
struct Found {
    AttemptId attempt;
    AttemptKind kind;
    const char* what;
};

Result<void> settle_found(Connection& connection, const Found& found, RecoveryId recovery,
                          const Gate& gate) {
    return write(connection, found.what, [&](SQLite::Database& database) -> Result<void> {
        Proof proof{database, found.attempt, found.kind, recovery};
        if (!subject_of_living(database, recovery, gate.opened_at) || !proof.take())
            return Error{ErrorKind::NotFound, std::string{found.what} + ": nothing to settle"};
        proof.turned_out_right();
        open_gate(database, recovery, gate, found.attempt);
        return {};
    });
}

// The text names the kind, so that SQLite sees that the index of guesses at codes suits.
static_assert(static_cast<int>(AttemptKind::Code) == 2);

struct Guess {
    AttemptId attempt;
    RecoveryId recovery;
    std::string_view method;
    const Digest& code;
    std::uint32_t wrong_per_code;
    TimePoint now;
};

// Guesses that were charged before this one and since the code was issued; one
// that is not settled yet counts as wrong, so that parallel guessers gain none.
std::uint32_t wrong_before(SQLite::Database& database, const Guess& guess) {
    Query query{database,
                "SELECT count(*) FROM attempt, code"
                " WHERE code.recovery = ?1 AND code.method = ?2"
                " AND attempt.recovery = ?1 AND attempt.method = ?2 AND attempt.kind = 2"
                " AND attempt.id > code.after_attempt AND attempt.id < ?3 AND attempt.result <> 2"};
    query.with(guess.recovery, guess.method, guess.attempt);
    return query.next() ? query.count(0) : std::numeric_limits<std::uint32_t>::max();
}

bool code_is_alive(SQLite::Database& database, const Guess& guess) {
    return Query{database,
                 "SELECT 1 FROM code WHERE recovery = ?1 AND method = ?2"
                 " AND used_at IS NULL AND expires_at > ?3"}
        .with(guess.recovery, guess.method, guess.now)
        .next();
}

bool use_up(SQLite::Database& database, const Guess& guess) {
    return Query{database,
                 "UPDATE code SET used_at = ?4 WHERE recovery = ?1 AND method = ?2"
                 " AND digest = ?3 AND used_at IS NULL AND expires_at > ?4"}
               .with(guess.recovery, guess.method, guess.code, guess.now)
               .run() == 1;
}

Verdict judge(SQLite::Database& database, const Guess& guess) {
    if (!subject_of_living(database, guess.recovery, guess.now) || !code_is_alive(database, guess))
        return Verdict::Expired;
    const std::uint32_t wrong = wrong_before(database, guess);
    if (wrong >= guess.wrong_per_code) return Verdict::Exhausted;
    if (use_up(database, guess)) return Verdict::Right;
    return wrong + 1 >= guess.wrong_per_code ? Verdict::Exhausted : Verdict::Wrong;
}

// A code that waits to be typed, and the recovery that has it.
struct KeptCode {
    RecoveryId of = 0;
    TimePoint issued_at;
};
struct Wanted {
    RecoveryId recovery;
    std::string_view method;
    const Digest& sent_to;
    std::uint32_t wrong_per_code;
    TimePoint now;
};

std::optional<KeptCode> kept_code(SQLite::Database& database, const Wanted& wanted) {
    Query query{database,
                "SELECT recovery.id, code.issued_at FROM code"
                " JOIN recovery ON recovery.id = code.recovery"
                " WHERE recovery.subject = (SELECT subject FROM recovery WHERE id = ?1)"
                " AND code.method = ?2 AND code.sent_to = ?3"
                " AND code.used_at IS NULL AND code.expires_at > ?4"
                " AND recovery.spent_at IS NULL"
                " AND (recovery.id = ?1 OR recovery.lease = '' OR recovery.expires_at <= ?4)"
                " AND (SELECT count(*) FROM attempt WHERE attempt.recovery = recovery.id"
                "  AND attempt.method = ?2 AND attempt.kind = 2 AND attempt.result <> 2"
                "  AND attempt.id > code.after_attempt) < ?5"
                " ORDER BY code.issued_at DESC, recovery.id DESC LIMIT 1"};
    query.with(wanted.recovery, wanted.method, wanted.sent_to, wanted.now, wanted.wrong_per_code);
    if (!query.next()) return std::nullopt;
    return KeptCode{query.integer(0), query.time(1)};
}

void move_guesses(SQLite::Database& database, RecoveryId from, RecoveryId to,
                  std::string_view method) {
    Query{database,
          "UPDATE attempt SET recovery = ?2 WHERE recovery = ?1 AND method = ?3 AND kind = 2"}
        .with(from, to, method)
        .run();
}

// The guesses go with the code: another connection gains none. Those at a code that it replaces
// are none at it.
void move_code(SQLite::Database& database, RecoveryId from, RecoveryId to,
               std::string_view method) {
    constexpr RecoveryId kNone = 0;
    Query{database, "DELETE FROM code WHERE recovery = ?1 AND method = ?2"}.with(to, method).run();
    move_guesses(database, to, kNone, method);
    Query{database, "UPDATE code SET recovery = ?2 WHERE recovery = ?1 AND method = ?3"}
        .with(from, to, method)
        .run();
    move_guesses(database, from, to, method);
}

}  // namespace

void end_kept_codes(SQLite::Database& database, const SubjectKey& subject, TimePoint now) {
    Query{database,
          "DELETE FROM code WHERE EXISTS (SELECT 1 FROM recovery WHERE id = code.recovery"
          " AND subject = ?1 AND (expires_at <= ?2 OR expires_at < code.expires_at))"}
        .with(subject, now)
        .run();
}

Result<std::optional<TimePoint>> SqliteStore::take_up_code(RecoveryId recovery,
                                                           std::string_view method,
                                                           const Digest& sent_to,
                                                           std::uint32_t wrong_per_code,
                                                           TimePoint now) {
    using Issued = std::optional<TimePoint>;
    return write(*connection_, "take up code", [&](SQLite::Database& database) -> Result<Issued> {
        const auto found = kept_code(database, {recovery, method, sent_to, wrong_per_code, now});
        if (!found) return Issued{};
        if (found->of != recovery) move_code(database, found->of, recovery, method);
        return Issued{found->issued_at};
    });
}

Result<void> SqliteStore::issue_code(const IssuedCode& code) {
    return write(*connection_, "issue code", [&](SQLite::Database& database) -> Result<void> {
        Query recovery{database, "SELECT subject, deliverable FROM recovery WHERE id = ?1"};
        recovery.with(code.recovery);
        if (!recovery.next()) return Error{ErrorKind::NotFound, "issue code: no such recovery"};
        Query{database,
              "INSERT INTO code"
              " (recovery, method, digest, issued_at, expires_at, sent_to, after_attempt)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT coalesce(max(id), 0) FROM attempt))"
              " ON CONFLICT (recovery, method) DO UPDATE SET digest = excluded.digest,"
              " sent_to = excluded.sent_to, issued_at = excluded.issued_at, expires_at = "
              "excluded.expires_at,"
              " after_attempt = excluded.after_attempt, used_at = NULL"}
            .with(code.recovery, code.method, code.digest, code.issued_at, code.expires_at,
                  code.sent_to)
            .run();
        const OutboxRow without_text{0,  recovery.text(0), code.method,     OutboxPurpose::Code,
                                     "", code.issued_at,   code.expires_at, 0};
        queue_message(database, code.message ? *code.message : without_text, recovery.truth(1));
        return {};
    });
}

// NOLINTNEXTLINE(readability-function-size): the port's parameters
Result<Verdict> SqliteStore::settle_code(AttemptId id, RecoveryId recovery, std::string_view method,
                                         const Digest& code, const Gate& gate,
                                         std::uint32_t wrong_per_code) {
    return write(*connection_, "settle code", [&](SQLite::Database& database) -> Result<Verdict> {
        Proof proof{database, id, AttemptKind::Code, recovery, {"method", method}};
        if (!proof.take()) return Verdict::Wrong;
        const Guess guess{id, recovery, method, code, wrong_per_code, gate.opened_at};
        const Verdict verdict = judge(database, guess);
        if (verdict != Verdict::Right) return verdict;
        proof.turned_out_right();
        open_gate(database, recovery, gate, id);
        return verdict;
    });
}

Result<Verdict> SqliteStore::settle_otp(AttemptId id, RecoveryId recovery, const MatchedOtp& otp,
                                        const Gate& gate) {
    return write(*connection_, "settle otp", [&](SQLite::Database& database) -> Result<Verdict> {
        Proof proof{database, id, AttemptKind::Otp, recovery, {"subject", otp.subject}};
        if (!proof.take()) return Verdict::Wrong;
        const auto subject = subject_of_living(database, recovery, gate.opened_at);
        if (!subject) return Verdict::Expired;
        if (*subject != otp.subject || otp.step > std::numeric_limits<std::int64_t>::max())
            return Verdict::Wrong;
        const int changed = Query{database,
                                  "UPDATE authenticator SET last_step = ?2"
                                  " WHERE subject = ?1 AND last_step < ?2 AND sealed_key = ?3"}
                                .with(otp.subject, otp.step, Blob{otp.sealed_key})
                                .run();
        if (changed != 1) return Verdict::Wrong;
        proof.turned_out_right();
        open_gate(database, recovery, gate, id);
        return Verdict::Right;
    });
}

Result<void> SqliteStore::settle_saved_code(AttemptId id, RecoveryId recovery, const Gate& gate) {
    return settle_found(*connection_, {id, AttemptKind::SavedCode, "settle saved code"}, recovery,
                        gate);
}

Result<void> SqliteStore::settle_approval(AttemptId id, RecoveryId recovery, const Gate& gate) {
    return settle_found(*connection_, {id, AttemptKind::Approval, "settle approval"}, recovery,
                        gate);
}

}  // namespace latchkey
