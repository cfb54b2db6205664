// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "core/ports/store.hpp"

namespace latchkey {

class Connection;

// The store in one SQLite file. Beside it lie SQLite's own -wal and -shm and an
// empty -queue, at whose lock writers wait for their turn.
//
// One object is one connection: use it from one thread, and not across fork().
class SqliteStore final : public Store {
public:
    // Opens the file, or creates it (0600) and its directory (0700, one level)
    // whatever the umask. Misconfigured: file or directory belong to another
    // user, are open to others or are not what they should be, or a newer
    // latchkey wrote the file. Otherwise as the port says.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::string& path);

    explicit SqliteStore(std::unique_ptr<Connection> connection);
    ~SqliteStore() override;
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;

    // attempts.cpp
    [[nodiscard]] Result<Charge> charge_attempt(const Attempt& attempt,
                                                std::span<const Limit> limits,
                                                TimePoint now) override;
    [[nodiscard]] Result<void> settle_attempt(AttemptId id, AttemptResult result) override;
    [[nodiscard]] Result<void> withdraw_attempt(AttemptId id) override;
    [[nodiscard]] Result<std::uint32_t> count_attempts(const Attempt& like, const Limit& limit,
                                                       TimePoint now) override;
    [[nodiscard]] Result<void> prune(TimePoint now) override;

    // recoveries.cpp
    [[nodiscard]] Result<StartedRecovery> start_recovery(
        const NewRecovery& recovery, const std::string& lease,
        std::span<const LimitedAttempt> attempts) override;
    [[nodiscard]] Result<void> set_resume_code(RecoveryId id, const Digest& code,
                                               const Digest& tag) override;
    [[nodiscard]] Result<std::optional<ResumedRecovery>> resume(
        const ResumeRequest& request) override;
    [[nodiscard]] Result<void> release(RecoveryId id, const std::string& lease) override;
    [[nodiscard]] Result<void> extend_lease(RecoveryId id, const std::string& lease,
                                            TimePoint until) override;
    [[nodiscard]] Result<void> end_recoveries(const Attempt& denial,
                                              const AuditRecord& record) override;
    [[nodiscard]] Result<bool> spend_grant(const Grant& grant) override;
    [[nodiscard]] Result<std::vector<std::string>> open_gates(RecoveryId id) override;

    // codes.cpp
    [[nodiscard]] Result<void> issue_code(const IssuedCode& code) override;
    [[nodiscard]] Result<std::optional<TimePoint>> take_up_code(RecoveryId recovery,
                                                                std::string_view method,
                                                                const Digest& sent_to,
                                                                std::uint32_t wrong_per_code,
                                                                TimePoint now) override;
    [[nodiscard]] Result<Verdict> settle_code(AttemptId id, RecoveryId recovery,
                                              std::string_view method, const Digest& code,
                                              const Gate& gate,
                                              std::uint32_t wrong_per_code) override;
    [[nodiscard]] Result<Verdict> settle_otp(AttemptId id, RecoveryId recovery,
                                             const MatchedOtp& otp, const Gate& gate) override;
    [[nodiscard]] Result<void> settle_saved_code(AttemptId id, RecoveryId recovery,
                                                 const Gate& gate) override;
    [[nodiscard]] Result<void> settle_approval(AttemptId id, RecoveryId recovery,
                                               const Gate& gate) override;

    // outbox.cpp
    [[nodiscard]] Result<void> queue_messages(const std::vector<OutboxRow>& messages,
                                              const AuditRecord& record) override;
    [[nodiscard]] Result<std::vector<OutboxRow>> claim_due(TimePoint now, TimePoint lease_until,
                                                           std::uint32_t at_most) override;
    [[nodiscard]] Result<void> finish_delivery(std::int64_t row, std::string_view result,
                                               TimePoint now) override;
    [[nodiscard]] Result<void> postpone_delivery(std::int64_t row, TimePoint due_at) override;
    [[nodiscard]] Result<std::optional<TimePoint>> oldest_due(TimePoint now) override;

    // channel_health.cpp
    [[nodiscard]] Result<bool> begin_probe(const std::string& channel, TimePoint now) override;
    [[nodiscard]] Result<void> record_probe(const std::string& channel, bool works,
                                            TimePoint now) override;
    [[nodiscard]] Result<std::vector<ChannelHealth>> channel_health() override;

    // enrolments.cpp
    [[nodiscard]] Result<std::vector<Contact>> contacts(const SubjectKey& subject) override;
    [[nodiscard]] Result<std::vector<Authenticator>> authenticators(
        const SubjectKey& subject) override;
    [[nodiscard]] Result<void> enrol_contact(const SubjectKey& subject,
                                             const Contact& contact) override;
    [[nodiscard]] Result<void> enrol_authenticator(const SubjectKey& subject,
                                                   const Authenticator& authenticator) override;
    [[nodiscard]] Result<void> enrol_all(std::span<const Enrolment> enrolments,
                                         std::span<const OutboxRow> notices) override;
    [[nodiscard]] Result<std::vector<SubjectKey>> enrolled_subjects() override;

    // removals.cpp
    [[nodiscard]] Result<void> remove_enrolled(const Removal& removal) override;
    [[nodiscard]] Result<std::vector<SubjectKey>> kept_subjects() override;
    [[nodiscard]] Result<KeptRows> kept_of(const SubjectKey& subject) override;
    [[nodiscard]] Result<void> purge(const std::vector<OutboxRow>& notices,
                                     const AuditRecord& record) override;

    // changes.cpp
    [[nodiscard]] Result<void> record_change(const RecordedChange& recorded) override;
    [[nodiscard]] Result<std::vector<Change>> changes(const SubjectKey& subject,
                                                      TimePoint since) override;
    [[nodiscard]] Result<std::optional<FoundVeto>> find_veto(const SubjectKey& subject,
                                                             const Digest& code,
                                                             TimePoint now) override;
    [[nodiscard]] Result<bool> use_veto(const UsedVeto& used) override;
    [[nodiscard]] Result<void> end_changes(const EndedChanges& ended) override;

    // audit.cpp
    [[nodiscard]] Result<void> append_audit(const AuditRecord& record) override;
    [[nodiscard]] Result<std::vector<AuditRecord>> audit(const SubjectKey& subject,
                                                         std::uint32_t newest) override;
    [[nodiscard]] Result<TrailPage> audit_trail(std::int64_t after, std::uint32_t at_most) override;

private:
    std::unique_ptr<Connection> connection_;
};

}  // namespace latchkey
