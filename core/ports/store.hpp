// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/channel_health.hpp"
#include "core/ports/enrolment.hpp"
#include "core/ports/outbox.hpp"
#include "core/ports/vault.hpp"
#include "core/recovery.hpp"
#include "core/result.hpp"

namespace latchkey {

using RecoveryId = std::int64_t;
using AttemptId = std::int64_t;

// --- attempts and limits -----------------------------------------------------

enum class AttemptKind : std::uint8_t {
    Start,
    Address,
    Code,
    Otp,
    SavedCode,
    Resume,
    Send,
    Approval,      // a request on a device; Pending while it is open
    Denial,        // the holder of the device said no, or chose another number
    Alarm,         // it was said, about "alarm:SUBJECT" or "alarm:host"
    Carry,         // a message over a channel (core/channel_budget.hpp)
    Confirmation,  // a code typed back that was sent to an address that is being enrolled
};
enum class AttemptResult : std::uint8_t { Pending, Wrong, Right };  // Pending counts as Wrong

struct Attempt {
    SubjectKey subject;
    std::string source;  // numeric address (IPv6: its /64), or "console:tty1"
    AttemptKind kind = AttemptKind::Start;
    std::string method;       // empty where no method is meant
    RecoveryId recovery = 0;  // 0 before a recovery is open
};
[[nodiscard]] inline Surface surface_of(const Attempt& attempt) {
    return attempt.source.starts_with("console:") ? Surface::Console : Surface::Remote;
}

enum class LimitScope : std::uint8_t {
    Subject,  // the same account
    SubjectAndMethod,
    Recovery,  // the code now alive: same recovery and method, since it was issued
    Source,
    SourceAndSubject,
    SubjectsOfSource,  // how many *different* subjects this source has tried
    Accounts,          // of all accounts; nothing that is charged to a bucket or a channel
    Host,              // everything
};

// "At most `at_most` recorded attempts of these kinds within `window`." Right
// attempts count only where `count_right`; `since_last_right` forgets what lies
// before the newest right one. An attempt that would be the (at_most + 1)-th is
// refused and not recorded.
struct Limit {
    LimitScope scope = LimitScope::Subject;
    std::vector<AttemptKind> kinds;
    std::chrono::seconds window{0};
    std::uint32_t at_most = 0;
    bool count_right = false;
    bool since_last_right = false;
    std::string_view name{};           // of the setting, for the audit log; a literal
    std::optional<Surface> only_at{};  // counts what was tried there, and binds there alone
};
[[nodiscard]] inline bool binds(const Limit& limit, const Attempt& attempt) {
    return !limit.only_at || *limit.only_at == surface_of(attempt);
}

struct LimitedAttempt {
    Attempt attempt;
    std::vector<Limit> limits;
};

struct Charge {
    AttemptId id = 0;
    bool allowed = false;
    std::string_view refused_by{};  // Limit::name of the first limit that is reached
};

// Names without an account share these subjects: "#0000" to "#4095".
[[nodiscard]] inline bool is_bucket(const SubjectKey& subject) {
    return subject.starts_with('#');
}
// What a channel carries is charged to "channel:NAME". No account is called so: theirs
// begin with a number.
[[nodiscard]] inline bool is_channel(const SubjectKey& subject) {
    return subject.starts_with("channel:");
}
inline constexpr std::uint32_t kAttemptsPerBucket = 64;  // the newest ones are kept
inline constexpr std::chrono::seconds kAttemptsKept = std::chrono::days{8};
// Guesses at saved codes are never refused for an account, and made by whoever knows its
// name: the newest ones are kept, as many as the highest saved_code_alarm counts.
inline constexpr std::uint32_t kSavedCodeAttemptsKept = 1000;

// --- recoveries ----------------------------------------------------------------

struct NewRecovery {
    SubjectKey subject;
    bool deliverable = false;  // false: nothing of it is ever sent
    Reason reason = Reason::ForgotPassword;
    std::string service;
    std::string source;
    std::uint32_t gates_needed = 0;
    TimePoint opened_at;
    TimePoint expires_at;
};

struct StartedRecovery {
    RecoveryId id = 0;
    std::vector<Charge> charges;  // one for each attempt
};

// How long the lease of a recovery lasts that was just opened or resumed;
// extend_lease moves its end.
inline constexpr std::chrono::seconds kFirstLease{60};

// What was proven in a recovery, and when last.
struct Gate {
    std::string possession;
    TimePoint opened_at;
    Digest tag{};  // gate_tag(); the store keeps it and cannot tell whether it fits
};

struct ResumedRecovery {
    RecoveryId id = 0;
    NewRecovery opened;
    Digest tag{};  // recovery_tag()
    std::vector<Gate> gates;
};

struct ResumeRequest {
    SubjectKey subject;
    std::string service;
    std::string source;
    Digest code{};
    std::string lease;  // names this connection; while another lease is alive nothing is found
    TimePoint now;
};

struct IssuedCode {
    RecoveryId recovery = 0;
    std::string method;
    Digest digest{};
    Digest sent_to{};  // of the address; the store compares it and cannot tell whose it is
    TimePoint issued_at;
    TimePoint expires_at;
    std::optional<OutboxRow>
        message;  // none for a subject that is not deliverable: a row without text is made
};

enum class Verdict : std::uint8_t { Wrong, Right, Expired, Exhausted };

struct Grant {
    RecoveryId recovery = 0;
    std::string lease;
    std::vector<OutboxRow> notices;
    std::string audit_event;
    std::string audit_detail;
    TimePoint now;
    TimePoint not_after_last_proof;  // grants older than this are refused
    // Of the notices: the grant becomes a Change of ChangeKind::Recovery that they deny.
    std::vector<Veto> vetoes{};
};

// --- proofs and records -------------------------------------------------------

// What a verification plugin found right.
struct MatchedOtp {
    SubjectKey subject;
    std::uint64_t step = 0;
    std::string sealed_key;  // of the key that it was asked about
};

struct AuditRecord {
    TimePoint at;
    std::string event;
    SubjectKey subject;
    std::string detail;
};

// One of many enrolments, and what the audit trail says of it.
struct Enrolment {
    SubjectKey subject;
    // An authenticator takes the place of the one that counts, and of one that waits beside it.
    std::variant<Contact, Authenticator> what;
    AuditRecord record;
    bool keeps_waiting = false;  // the authenticator that waits stays
};

// What an administrator takes away at once: these rows as they were read.
struct Removal {
    SubjectKey subject;
    std::vector<Contact> contacts;
    std::vector<Authenticator> authenticators;
    std::vector<OutboxRow> notices;
    AuditRecord record;
};

// How much there is of a subject that purge() takes away.
struct KeptRows {
    std::uint32_t contacts = 0;
    std::uint32_t authenticators = 0;
    std::uint32_t recoveries = 0;  // with their gates and codes
    std::uint32_t vetoes = 0;      // that nobody has used
    std::uint32_t codes = 0;       // messages with a code that wait to be sent
    [[nodiscard]] bool is_empty() const {
        return contacts + authenticators + recoveries + vetoes + codes == 0;
    }
};

// The audit trail as it lies there, for those who look whether it was tampered with.
struct TrailRow {
    std::int64_t id = 0;  // counted up from 1, none left out and none given twice
    AuditRecord record;
    bool is_linked = false;  // its hash is what it and the row before it make
};
struct TrailPage {
    std::vector<TrailRow> rows;  // oldest first
    std::int64_t last_id = 0;    // the newest that was ever given, also to a row that is gone
};

// Port: everything latchkey remembers. Every call is one transaction, on disk
// when it returns. Times come from the caller; the store has no clock.
// Real: adapters/sqlite_store. Fake: tests/support/fake_store.hpp. Contract:
// tests/contract/store_contract.cpp.
//
// Unavailable: locked for longer than 3 s, full, read-only or unreadable.
// Corrupt: the file is not what we wrote.
class Store {
public:
    virtual ~Store() = default;

    // Checks all limits and records the attempt as Pending, durably, before
    // anything is compared. A refused attempt leaves no trace.
    [[nodiscard]] virtual Result<Charge> charge_attempt(const Attempt& attempt,
                                                        std::span<const Limit> limits,
                                                        TimePoint now) = 0;
    // Only for attempts that no settle_* below settles.
    [[nodiscard]] virtual Result<void> settle_attempt(AttemptId id, AttemptResult result) = 0;
    // Nothing was compared after all: the row goes, as if nobody had tried. NotFound: none
    // is pending.
    [[nodiscard]] virtual Result<void> withdraw_attempt(AttemptId id) = 0;
    // How many attempts a limit's query counts now, as charge_attempt would.
    [[nodiscard]] virtual Result<std::uint32_t> count_attempts(const Attempt& like,
                                                               const Limit& limit,
                                                               TimePoint now) = 0;

    // Charges what the start of a recovery costs, each attempt by its own limits and in
    // this order, and opens the recovery whatever they say: what is beyond a limit must
    // look like everything else. One transaction, because a person waits for it.
    [[nodiscard]] virtual Result<StartedRecovery> start_recovery(
        const NewRecovery& recovery, const std::string& lease,
        std::span<const LimitedAttempt> attempts) = 0;
    // Replaces the resume code of an open recovery; `tag` is its recovery_tag().
    [[nodiscard]] virtual Result<void> set_resume_code(RecoveryId id, const Digest& code,
                                                       const Digest& tag) = 0;
    // Uses the code up. Nothing: unknown, expired, spent, other service or
    // source, or another connection still holds the recovery.
    [[nodiscard]] virtual Result<std::optional<ResumedRecovery>> resume(
        const ResumeRequest& request) = 0;
    // Lets go of the lease, so that the claimant may come back at once.
    [[nodiscard]] virtual Result<void> release(RecoveryId id, const std::string& lease) = 0;
    // Keeps the lease alive until then. NotFound: another connection took it.
    [[nodiscard]] virtual Result<void> extend_lease(RecoveryId id, const std::string& lease,
                                                    TimePoint until) = 0;

    // A code of (recovery, method) replaces the one before; the outbox row is
    // part of the same transaction. Replacing resets no limit.
    [[nodiscard]] virtual Result<void> issue_code(const IssuedCode& code) = 0;

    // A code whose expires_at is later than its recovery's outlives it. The newest one of
    // `method` to the same address that is alive, has had fewer than wrong_per_code wrong
    // entries, is of the same account, and of a recovery that was released or is over, becomes
    // one of `recovery`, together with those entries: when it was issued. Nothing: there is
    // none. A spent grant and a denial end those of the account.
    [[nodiscard]] virtual Result<std::optional<TimePoint>> take_up_code(
        RecoveryId recovery, std::string_view method, const Digest& sent_to,
        std::uint32_t wrong_per_code, TimePoint now) = 0;

    // One conditional update: at most one caller is ever told Right, and only
    // if the code is alive, unexpired and has had fewer than wrong_per_code
    // wrong entries before this one. Right opens `gate` of the recovery, or renews
    // it; its opened_at is the time of the proof, for everything. Exhausted: this wrong entry was
    // the code's last, or came after it. Expired, whatever was typed: no code is alive, or the
    // recovery is over. Precondition of all settle_*: the attempt is charged to this recovery (and
    // method) and still Pending; otherwise nothing opens.
    [[nodiscard]] virtual Result<Verdict> settle_code(AttemptId id, RecoveryId recovery,
                                                      std::string_view method, const Digest& code,
                                                      const Gate& gate,
                                                      std::uint32_t wrong_per_code) = 0;
    // Right only if the step is larger than the authenticator's last accepted one, and the
    // key is still the one that was asked about.
    [[nodiscard]] virtual Result<Verdict> settle_otp(AttemptId id, RecoveryId recovery,
                                                     const MatchedOtp& otp, const Gate& gate) = 0;
    // The monitor has found a saved recovery code right, and used it up.
    // NotFound: the recovery is over, or the attempt is settled.
    [[nodiscard]] virtual Result<void> settle_saved_code(AttemptId id, RecoveryId recovery,
                                                         const Gate& gate) = 0;

    // The request of an approval was answered with the number on the screen. NotFound: the
    // recovery is over, or the attempt is settled.
    [[nodiscard]] virtual Result<void> settle_approval(AttemptId id, RecoveryId recovery,
                                                       const Gate& gate) = 0;
    // The owner said no: every recovery of `denial.subject` whose grant is not spent is over from
    // `record.at` on; nothing of it is good any more, and its resume code neither. The denial is
    // recorded as an attempt, and the audit record written, in the same transaction.
    [[nodiscard]] virtual Result<void> end_recoveries(const Attempt& denial,
                                                      const AuditRecord& record) = 0;

    // True once per recovery, only while it is unexpired, enough gates are open
    // and the last one opened after not_after_last_proof. Notices and audit
    // record are of the same transaction.
    [[nodiscard]] virtual Result<bool> spend_grant(const Grant& grant) = 0;

    // The subject's newest open gates, for tests and status.
    [[nodiscard]] virtual Result<std::vector<std::string>> open_gates(RecoveryId id) = 0;

    // Messages and the record of why they are sent: one transaction. Precondition: of an
    // account, not of a bucket.
    [[nodiscard]] virtual Result<void> queue_messages(const std::vector<OutboxRow>& messages,
                                                      const AuditRecord& record) = 0;
    // Leases up to `at_most` due rows to the caller until `lease_until`: those never taken
    // before (`tries`) first, codes before notices, old ones before young ones; bulk notices behind
    // all of them, tried or not. Those past
    // their expires_at are handed out too: giving them up is the caller's business.
    [[nodiscard]] virtual Result<std::vector<OutboxRow>> claim_due(TimePoint now,
                                                                   TimePoint lease_until,
                                                                   std::uint32_t at_most) = 0;
    // Delivered or given up: the row goes; `result` is kept in the audit trail,
    // except for buckets, whose rows are never sent. NotFound: the row is gone.
    [[nodiscard]] virtual Result<void> finish_delivery(std::int64_t row, std::string_view result,
                                                       TimePoint now) = 0;
    [[nodiscard]] virtual Result<void> postpone_delivery(std::int64_t row, TimePoint due_at) = 0;
    // When the oldest row that is still here should have left; trying again and
    // failing does not make it younger. Nothing: none is overdue.
    [[nodiscard]] virtual Result<std::optional<TimePoint>> oldest_due(TimePoint now) = 0;

    // True, and noted, if the channel may be probed now: whoever else asks has to wait.
    [[nodiscard]] virtual Result<bool> begin_probe(const std::string& channel, TimePoint now) = 0;
    [[nodiscard]] virtual Result<void> record_probe(const std::string& channel, bool works,
                                                    TimePoint now) = 0;
    // Of every channel that was probed, by name.
    [[nodiscard]] virtual Result<std::vector<ChannelHealth>> channel_health() = 0;

    [[nodiscard]] virtual Result<std::vector<Contact>> contacts(const SubjectKey& subject) = 0;
    // The one that counts, and behind it the one that takes its place when its time comes.
    [[nodiscard]] virtual Result<std::vector<Authenticator>> authenticators(
        const SubjectKey& subject) = 0;
    // A new address, or in place of the subject's row `contact.id` if that is not 0.
    [[nodiscard]] virtual Result<void> enrol_contact(const SubjectKey& subject,
                                                     const Contact& contact) = 0;
    [[nodiscard]] virtual Result<void> enrol_authenticator(const SubjectKey& subject,
                                                           const Authenticator& authenticator) = 0;

    // What the owner changed, with whom it is told and who may veto it: one transaction.
    // NotFound: a row to be written is gone or is another by now. Rejected: a veto has frozen
    // the subject's changes meanwhile, or it has as many addresses as it may have.
    [[nodiscard]] virtual Result<void> record_change(const RecordedChange& recorded) = 0;
    // Those made after `since`, newest first, vetoed ones too.
    [[nodiscard]] virtual Result<std::vector<Change>> changes(const SubjectKey& subject,
                                                              TimePoint since) = 0;
    // The veto that this code of the subject's is: unused, and of a change that stands and is
    // not final yet. Nothing: there is none.
    [[nodiscard]] virtual Result<std::optional<FoundVeto>> find_veto(const SubjectKey& subject,
                                                                     const Digest& code,
                                                                     TimePoint now) = 0;
    // True once per code, and never for a change that has ended.
    [[nodiscard]] virtual Result<bool> use_veto(const UsedVeto& used) = 0;
    // Without a code. NotFound: a row to be written is gone or is another by now.
    [[nodiscard]] virtual Result<void> end_changes(const EndedChanges& ended) = 0;

    // All of them with their audit records and the notices, or none. A contact whose id is not 0
    // stays that row of the subject, in its place; where there is no such row it is a new address.
    [[nodiscard]] virtual Result<void> enrol_all(std::span<const Enrolment> enrolments,
                                                 std::span<const OutboxRow> notices) = 0;
    [[nodiscard]] virtual Result<std::vector<SubjectKey>> enrolled_subjects() = 0;

    // The rows go, whatever a veto has frozen, with notices and record: one transaction.
    // NotFound: one of them is gone, or another by now; then nothing is done.
    [[nodiscard]] virtual Result<void> remove_enrolled(const Removal& removal) = 0;
    // Accounts of which there is anything that purge() takes away.
    [[nodiscard]] virtual Result<std::vector<SubjectKey>> kept_subjects() = 0;
    [[nodiscard]] virtual Result<KeptRows> kept_of(const SubjectKey& subject) = 0;
    // Takes away what KeptRows counts of `record.subject`. What limits count stays as long as
    // ever (attempts, changes, used vetoes), and so do the audit trail and notices that wait to
    // be sent, among them these.
    [[nodiscard]] virtual Result<void> purge(const std::vector<OutboxRow>& notices,
                                             const AuditRecord& record) = 0;

    [[nodiscard]] virtual Result<void> append_audit(const AuditRecord& record) = 0;
    // The newest records, newest first.
    [[nodiscard]] virtual Result<std::vector<AuditRecord>> audit(const SubjectKey& subject,
                                                                 std::uint32_t newest) = 0;
    // The rows of everybody behind the row `after`, as many as asked for at most.
    [[nodiscard]] virtual Result<TrailPage> audit_trail(std::int64_t after,
                                                        std::uint32_t at_most) = 0;

    // Drops attempts older than 8 days, recoveries and codes past their life, health
    // that is too old, and all but the newest 64 attempts of each bucket.
    [[nodiscard]] virtual Result<void> prune(TimePoint now) = 0;
};

}  // namespace latchkey
