// SPDX-License-Identifier: MIT
//
// The store in memory. Keeps the contract of core/ports/store.hpp, as the suite
// in tests/contract/store_contract.cpp shows on it and on the real one.
#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/ports/store.hpp"
#include "tests/support/fake_attempts.hpp"
#include "tests/support/fake_enrolments.hpp"
#include "tests/support/fake_recovery.hpp"

namespace latchkey {

class FakeStore final : public Store {
public:
    // From now on every call fails so; with nothing, the store works again.
    void fail_with(std::optional<ErrorKind> kind) { failure_ = kind; }
    // The call after `calls` more ones fails, and all that follow.
    void fail_after(std::size_t calls, ErrorKind kind) { countdown_ = {calls, kind}; }

    // The call after `calls` more ones fails, and no other.
    void fail_once_after(std::size_t calls, ErrorKind kind) {
        countdown_ = {calls, kind};
        only_once_ = true;
    }
    // What a verifier may write that holds the key of another account.
    void postdate_codes(std::chrono::seconds by) {
        for (auto& [key, code] : codes_) code.issued_at += by, code.expires_at += by;
    }
    [[nodiscard]] bool has_failed_once() const { return only_once_ && !countdown_; }
    [[nodiscard]] bool fails() const { return failure_.has_value(); }

    [[nodiscard]] const std::vector<OutboxRow>& outbox() const { return outbox_; }
    [[nodiscard]] const std::vector<RecordedAttempt>& attempts() const { return attempts_.rows(); }

    [[nodiscard]] Result<Charge> charge_attempt(const Attempt& attempt,
                                                std::span<const Limit> limits,
                                                TimePoint now) override {
        if (auto error = failure()) return *error;
        return charged({attempt, {limits.begin(), limits.end()}}, now);
    }

    [[nodiscard]] Result<void> settle_attempt(AttemptId id, AttemptResult result) override {
        if (auto error = failure()) return *error;
        RecordedAttempt* row = pending(id);
        if (row == nullptr) return not_found("settle attempt");
        row->result = result;
        return {};
    }

    [[nodiscard]] Result<void> withdraw_attempt(AttemptId id) override {
        if (auto error = failure()) return *error;
        if (pending(id) == nullptr) return not_found("withdraw attempt");
        attempts_.erase(id);
        return {};
    }

    [[nodiscard]] Result<std::uint32_t> count_attempts(const Attempt& like, const Limit& limit,
                                                       TimePoint now) override {
        if (auto error = failure()) return *error;
        return attempts_.count(question(like, limit, now));
    }

    [[nodiscard]] Result<StartedRecovery> start_recovery(
        const NewRecovery& recovery, const std::string& lease,
        std::span<const LimitedAttempt> attempts) override {
        if (auto error = failure()) return *error;
        StartedRecovery started;
        for (const LimitedAttempt& attempt : attempts)
            started.charges.push_back(charged(attempt, recovery.opened_at));
        FakeRecovery row;
        row.what = recovery;
        row.lease = lease;
        row.lease_until = recovery.opened_at + kFirstLease;
        recoveries_.emplace(++last_recovery_, std::move(row));
        started.id = last_recovery_;
        return started;
    }

    [[nodiscard]] Result<void> set_resume_code(RecoveryId id, const Digest& code,
                                               const Digest& tag) override {
        if (auto error = failure()) return *error;
        FakeRecovery* recovery = find(id);
        if (recovery == nullptr || recovery->spent) return not_found("set resume code");
        recovery->resume_code = code;
        recovery->tag = tag;
        return {};
    }

    [[nodiscard]] Result<std::optional<ResumedRecovery>> resume(
        const ResumeRequest& request) override {
        if (auto error = failure()) return *error;
        for (auto& [id, row] : recoveries_) {
            if (row.what.subject != request.subject || row.what.service != request.service)
                continue;
            if (row.what.source != request.source || row.resume_code != request.code) continue;
            if (!row.alive(request.now)) continue;
            const bool held = !row.lease.empty() && row.lease_until > request.now;
            if (held && row.lease != request.lease) continue;
            row.resume_code.reset();
            row.lease = request.lease;
            row.lease_until = request.now + kFirstLease;
            return std::optional{ResumedRecovery{id, row.what, row.tag, row.gates}};
        }
        return std::optional<ResumedRecovery>{};
    }

    [[nodiscard]] Result<void> release(RecoveryId id, const std::string& lease) override {
        if (auto error = failure()) return *error;
        FakeRecovery* recovery = find(id);
        if (recovery != nullptr && recovery->lease == lease) recovery->lease.clear();
        return {};
    }

    [[nodiscard]] Result<void> extend_lease(RecoveryId id, const std::string& lease,
                                            TimePoint until) override {
        if (auto error = failure()) return *error;
        FakeRecovery* recovery = find(id);
        if (recovery == nullptr || lease.empty() || recovery->lease != lease)
            return not_found("extend lease");
        recovery->lease_until = until;
        return {};
    }

    [[nodiscard]] Result<void> issue_code(const IssuedCode& code) override {
        if (auto error = failure()) return *error;
        const FakeRecovery* recovery = find(code.recovery);
        if (recovery == nullptr) return not_found("issue code");
        codes_[{code.recovery, code.method}] = {code.digest, code.expires_at, attempts_.last_id(),
                                                false,       code.issued_at,  code.sent_to};
        OutboxRow row = code.message.value_or(OutboxRow{0, recovery->what.subject, code.method,
                                                        OutboxPurpose::Code, "", code.issued_at,
                                                        code.expires_at, 0});
        queue(*recovery, std::move(row));
        return {};
    }

    [[nodiscard]] Result<std::optional<TimePoint>> take_up_code(RecoveryId recovery,
                                                                std::string_view method,
                                                                const Digest& sent_to,
                                                                std::uint32_t wrong_per_code,
                                                                TimePoint now) override {
        if (auto error = failure()) return *error;
        const FakeRecovery* into = find(recovery);
        auto newest = codes_.end();
        for (auto code = codes_.begin(); code != codes_.end(); ++code) {
            const FakeRecovery* of = find(code->first.first);
            if (into == nullptr || of == nullptr || of->what.subject != into->what.subject ||
                code->first.second != method || code->second.sent_to != sent_to ||
                !code->second.alive(now) || of->spent)
                continue;
            if (of != into && !of->lease.empty() && of->what.expires_at > now) continue;
            if (attempts_.wrong_since(code->second.after_attempt, code->first.first, method) >=
                wrong_per_code)
                continue;
            if (newest == codes_.end() || newest->second.issued_at <= code->second.issued_at)
                newest = code;
        }
        if (newest == codes_.end()) return std::optional<TimePoint>{};
        const FakeCode found = newest->second;
        if (newest->first.first != recovery) {
            attempts_.move_guesses(recovery, 0, method);
            attempts_.move_guesses(newest->first.first, recovery, method);
        }
        codes_.erase(newest);
        codes_[{recovery, std::string{method}}] = found;
        return std::optional{found.issued_at};
    }

    [[nodiscard]] Result<void> settle_approval(AttemptId id, RecoveryId recovery,
                                               const Gate& gate) override {
        return settle_found(id, AttemptKind::Approval, recovery, gate);
    }

    [[nodiscard]] Result<void> end_recoveries(const Attempt& denial,
                                              const AuditRecord& record) override {
        if (auto error = failure()) return *error;
        end_open_recoveries(denial.subject, record.at);
        (void)attempts_.record(denial, record.at);
        audit_.push_back(record);
        return {};
    }

    [[nodiscard]] Result<Verdict> settle_code(AttemptId id, RecoveryId recovery,
                                              std::string_view method, const Digest& code,
                                              const Gate& gate,
                                              std::uint32_t wrong_per_code) override {
        if (auto error = failure()) return *error;
        const TimePoint now = gate.opened_at;
        RecordedAttempt* guess = pending(id);
        if (guess == nullptr || guess->what.kind != AttemptKind::Code ||
            guess->what.recovery != recovery || guess->what.method != method)
            return Verdict::Wrong;
        guess->result = AttemptResult::Wrong;
        const auto issued = codes_.find({recovery, std::string{method}});
        FakeRecovery* row = find(recovery);
        if (issued == codes_.end() || row == nullptr || !row->alive(now)) return Verdict::Expired;
        if (!issued->second.alive(now)) return Verdict::Expired;
        const std::uint32_t wrong = attempts_.wrong_between(*guess, issued->second.after_attempt);
        if (wrong >= wrong_per_code) return Verdict::Exhausted;
        if (issued->second.digest != code)
            return wrong + 1 >= wrong_per_code ? Verdict::Exhausted : Verdict::Wrong;
        issued->second.used = true;
        guess->result = AttemptResult::Right;
        row->open_gate(gate);
        return Verdict::Right;
    }

    [[nodiscard]] Result<Verdict> settle_otp(AttemptId id, RecoveryId recovery,
                                             const MatchedOtp& otp, const Gate& gate) override {
        if (auto error = failure()) return *error;
        RecordedAttempt* guess = pending(id);
        if (guess == nullptr || guess->what.kind != AttemptKind::Otp ||
            guess->what.recovery != recovery || guess->what.subject != otp.subject)
            return Verdict::Wrong;
        guess->result = AttemptResult::Wrong;
        FakeRecovery* row = find(recovery);
        if (row == nullptr || !row->alive(gate.opened_at)) return Verdict::Expired;
        Authenticator* app = enrolments_.authenticator_with(otp.subject, otp.sealed_key);
        if (row->what.subject != otp.subject || app == nullptr) return Verdict::Wrong;
        if (otp.step > kLargestStep || otp.step <= app->last_step) return Verdict::Wrong;
        app->last_step = otp.step;
        guess->result = AttemptResult::Right;
        row->open_gate(gate);
        return Verdict::Right;
    }

    [[nodiscard]] Result<void> settle_saved_code(AttemptId id, RecoveryId recovery,
                                                 const Gate& gate) override {
        return settle_found(id, AttemptKind::SavedCode, recovery, gate);
    }

    [[nodiscard]] Result<bool> spend_grant(const Grant& grant) override {
        if (auto error = failure()) return *error;
        FakeRecovery* row = find(grant.recovery);
        if (row == nullptr || !row->alive(grant.now)) return false;
        if (row->lease.empty() || row->lease != grant.lease) return false;
        if (row->gates.empty() || row->gates.size() < row->what.gates_needed) return false;
        if (row->last_proof() <= grant.not_after_last_proof) return false;
        row->spent = true;
        for (const OutboxRow& notice : grant.notices) queue(*row, notice);
        end_kept_codes(row->what.subject, grant.now);
        if (!grant.vetoes.empty())
            enrolments_.note(row->what.subject,
                             {0, ChangeKind::Recovery, {}, 0, grant.now, grant.now + kDeniable},
                             grant.vetoes);
        audit_.push_back({grant.now, grant.audit_event, row->what.subject, grant.audit_detail});
        return true;
    }

    [[nodiscard]] Result<std::vector<std::string>> open_gates(RecoveryId id) override {
        if (auto error = failure()) return *error;
        const FakeRecovery* recovery = find(id);
        return recovery == nullptr ? std::vector<std::string>{} : recovery->possessions();
    }

    [[nodiscard]] Result<void> queue_messages(const std::vector<OutboxRow>& messages,
                                              const AuditRecord& record) override {
        if (auto error = failure()) return *error;
        for (const OutboxRow& message : messages) queue(message);
        audit_.push_back(record);
        return {};
    }

    [[nodiscard]] Result<std::vector<OutboxRow>> claim_due(TimePoint now, TimePoint lease_until,
                                                           std::uint32_t at_most) override {
        if (auto error = failure()) return *error;
        std::vector<OutboxRow*> due;
        for (OutboxRow& row : outbox_)
            if (row.due_at <= now && leased_until_[row.id] <= now) due.push_back(&row);
        std::stable_sort(due.begin(), due.end(), [](const OutboxRow* a, const OutboxRow* b) {
            const auto place = [](const OutboxRow& row) {
                return std::tuple{row.purpose == OutboxPurpose::BulkNotice, row.tries > 0,
                                  row.purpose, row.due_at};
            };
            return place(*a) < place(*b);
        });
        if (due.size() > at_most) due.resize(at_most);
        std::vector<OutboxRow> claimed;
        for (OutboxRow* row : due) {
            claimed.push_back(*row);
            leased_until_[row->id] = lease_until;
            ++row->tries;
        }
        return claimed;
    }

    [[nodiscard]] Result<void> finish_delivery(std::int64_t id, std::string_view result,
                                               TimePoint now) override {
        if (auto error = failure()) return *error;
        const OutboxRow* row = queued(id);
        if (row == nullptr) return not_found("finish delivery");
        if (!is_bucket(row->subject) && !row->sealed.empty())
            audit_.push_back({now, "delivery", row->subject,
                              (row->purpose == OutboxPurpose::Code ? "code by " : "notice by ") +
                                  row->method + ": " + std::string{result}});
        std::erase_if(outbox_, [id](const OutboxRow& each) { return each.id == id; });
        return {};
    }

    [[nodiscard]] Result<void> postpone_delivery(std::int64_t id, TimePoint due_at) override {
        if (auto error = failure()) return *error;
        OutboxRow* row = queued(id);
        if (row == nullptr) return not_found("postpone delivery");
        queued_for_.try_emplace(id, row->due_at);
        row->due_at = due_at;
        leased_until_.erase(id);
        return {};
    }

    [[nodiscard]] Result<std::optional<TimePoint>> oldest_due(TimePoint now) override {
        if (auto error = failure()) return *error;
        std::optional<TimePoint> oldest;
        for (const OutboxRow& row : outbox_) {
            const auto moved = queued_for_.find(row.id);
            const TimePoint queued_for = moved == queued_for_.end() ? row.due_at : moved->second;
            if (queued_for <= now && (!oldest || queued_for < *oldest)) oldest = queued_for;
        }
        return oldest;
    }

    [[nodiscard]] Result<bool> begin_probe(const std::string& channel, TimePoint now) override {
        if (auto error = failure()) return *error;
        ChannelHealth& health = health_[channel];
        if (!may_be_probed(health, now)) return false;
        health.channel = channel;
        health.begun_at = now;
        return true;
    }

    [[nodiscard]] Result<void> record_probe(const std::string& channel, bool works,
                                            TimePoint now) override {
        if (auto error = failure()) return *error;
        const auto found = health_.find(channel);
        if (found == health_.end()) return not_found("record probe");
        found->second = after_probe(found->second, works, now);
        return {};
    }

    [[nodiscard]] Result<std::vector<ChannelHealth>> channel_health() override {
        if (auto error = failure()) return *error;
        std::vector<ChannelHealth> all;
        for (const auto& [channel, health] : health_) all.push_back(health);
        return all;
    }

    [[nodiscard]] Result<std::vector<Contact>> contacts(const SubjectKey& subject) override {
        if (auto error = failure()) return *error;
        return enrolments_.contacts(subject);
    }

    [[nodiscard]] Result<std::vector<Authenticator>> authenticators(
        const SubjectKey& subject) override {
        if (auto error = failure()) return *error;
        return enrolments_.authenticators(subject);
    }

    [[nodiscard]] Result<void> enrol_contact(const SubjectKey& subject,
                                             const Contact& contact) override {
        if (auto error = failure()) return *error;
        enrolments_.enrol(subject, contact);
        return {};
    }

    [[nodiscard]] Result<void> enrol_authenticator(const SubjectKey& subject,
                                                   const Authenticator& authenticator) override {
        if (auto error = failure()) return *error;
        if (authenticator.last_step > kLargestStep)
            return Error{ErrorKind::Rejected, "fake store: step out of range"};
        enrolments_.enrol(subject, authenticator);
        return {};
    }

    [[nodiscard]] Result<void> record_change(const RecordedChange& recorded) override {
        if (auto error = failure()) return *error;
        if (auto kept = enrolments_.record(recorded); !kept) return kept;
        if (recorded.denied_from) {
            end_open_recoveries(recorded.subject, recorded.change.at);
            (void)attempts_.record({recorded.subject, *recorded.denied_from, AttemptKind::Denial},
                                   recorded.change.at);
        }
        for (const OutboxRow& notice : recorded.notices) queue(notice);
        audit_.push_back(
            {recorded.change.at, recorded.audit_event, recorded.subject, recorded.audit_detail});
        return {};
    }

    [[nodiscard]] Result<std::vector<Change>> changes(const SubjectKey& subject,
                                                      TimePoint since) override {
        if (auto error = failure()) return *error;
        return enrolments_.changes(subject, since);
    }

    [[nodiscard]] Result<std::optional<FoundVeto>> find_veto(const SubjectKey& subject,
                                                             const Digest& code,
                                                             TimePoint now) override {
        if (auto error = failure()) return *error;
        return enrolments_.find_veto(subject, code, now);
    }

    [[nodiscard]] Result<bool> use_veto(const UsedVeto& used) override {
        if (auto error = failure()) return *error;
        if (!enrolments_.can_veto(used)) return false;
        if (!enrolments_.veto(used)) return not_found("use veto");
        if (used.ends_recoveries) end_open_recoveries(used.subject, used.now);
        tell(used);
        return true;
    }

    [[nodiscard]] Result<void> end_changes(const EndedChanges& ended) override {
        if (auto error = failure()) return *error;
        if (!enrolments_.end(ended)) return not_found("end changes");
        tell(ended);
        return {};
    }

    [[nodiscard]] Result<void> enrol_all(std::span<const Enrolment> enrolments,
                                         std::span<const OutboxRow> notices) override {
        if (auto error = failure()) return *error;
        for (const Enrolment& each : enrolments)
            if (const auto* app = std::get_if<Authenticator>(&each.what))
                if (app->last_step > kLargestStep)
                    return Error{ErrorKind::Rejected, "fake store: step out of range"};
        for (const OutboxRow& notice : notices) queue(notice);
        for (const Enrolment& each : enrolments) {
            if (const auto* contact = std::get_if<Contact>(&each.what))
                enrolments_.put_in_place(each.subject, *contact);
            else
                enrolments_.put_in_place(each.subject, std::get<Authenticator>(each.what),
                                         each.keeps_waiting);
            audit_.push_back(each.record);
        }
        return {};
    }

    [[nodiscard]] Result<std::vector<SubjectKey>> enrolled_subjects() override {
        if (auto error = failure()) return *error;
        const std::set<SubjectKey> names = enrolments_.subjects();
        return std::vector<SubjectKey>(names.begin(), names.end());
    }

    [[nodiscard]] Result<void> remove_enrolled(const Removal& removal) override {
        if (auto error = failure()) return *error;
        if (!enrolments_.remove(removal)) return not_found("remove enrolled");
        end_open_recoveries(removal.subject, removal.record.at);
        std::erase_if(outbox_,
                      [&](const OutboxRow& row) { return is_code_of(row, removal.subject); });
        for (const OutboxRow& notice : removal.notices) queue(notice);
        audit_.push_back(removal.record);
        return {};
    }

    [[nodiscard]] Result<std::vector<SubjectKey>> kept_subjects() override {
        if (auto error = failure()) return *error;
        std::set<SubjectKey> names = enrolments_.subjects_with_vetoes();
        for (const auto& [id, row] : recoveries_) names.insert(row.what.subject);
        for (const OutboxRow& row : outbox_)
            if (row.purpose == OutboxPurpose::Code) names.insert(row.subject);
        std::erase_if(names, [](const SubjectKey& name) { return is_bucket(name); });
        return std::vector<SubjectKey>(names.begin(), names.end());
    }

    [[nodiscard]] Result<KeptRows> kept_of(const SubjectKey& subject) override {
        if (auto error = failure()) return *error;
        KeptRows kept = enrolments_.kept_of(subject);
        for (const auto& [id, row] : recoveries_)
            if (row.what.subject == subject) ++kept.recoveries;
        for (const OutboxRow& row : outbox_)
            if (is_code_of(row, subject)) ++kept.codes;
        return kept;
    }

    [[nodiscard]] Result<void> purge(const std::vector<OutboxRow>& notices,
                                     const AuditRecord& record) override {
        if (auto error = failure()) return *error;
        enrolments_.purge(record.subject);
        std::erase_if(codes_, [&](const auto& row) {
            const FakeRecovery* of = find(row.first.first);
            return of == nullptr || of->what.subject == record.subject;
        });
        std::erase_if(recoveries_,
                      [&](const auto& row) { return row.second.what.subject == record.subject; });
        std::erase_if(outbox_,
                      [&](const OutboxRow& row) { return is_code_of(row, record.subject); });
        for (const OutboxRow& notice : notices) queue(notice);
        audit_.push_back(record);
        return {};
    }

    [[nodiscard]] Result<void> append_audit(const AuditRecord& record) override {
        if (auto error = failure()) return *error;
        audit_.push_back(record);
        return {};
    }

    [[nodiscard]] Result<std::vector<AuditRecord>> audit(const SubjectKey& subject,
                                                         std::uint32_t newest) override {
        if (auto error = failure()) return *error;
        std::vector<AuditRecord> found;
        for (auto row = audit_.rbegin(); row != audit_.rend() && found.size() < newest; ++row)
            if (row->subject == subject) found.push_back(*row);
        return found;
    }

    [[nodiscard]] Result<TrailPage> audit_trail(std::int64_t after,
                                                std::uint32_t at_most) override {
        if (auto error = failure()) return *error;
        TrailPage page;
        page.last_id = static_cast<std::int64_t>(audit_.size());
        for (std::int64_t id = after + 1; id <= page.last_id && page.rows.size() < at_most; ++id)
            page.rows.push_back({id, audit_[static_cast<std::size_t>(id - 1)], true});
        return page;
    }

    [[nodiscard]] Result<void> prune(TimePoint now) override {
        if (auto error = failure()) return *error;
        attempts_.prune(now);
        std::erase_if(codes_, [now](const auto& row) { return !row.second.alive(now); });
        std::erase_if(recoveries_, [this, now](const auto& row) {
            const auto code = codes_.lower_bound({row.first, ""});
            const bool has_code = code != codes_.end() && code->first.first == row.first;
            return row.second.what.expires_at <= now && !has_code;
        });
        std::erase_if(health_,
                      [now](const auto& row) { return row.second.begun_at <= now - kHealthLasts; });
        enrolments_.prune(now);
        return {};
    }

private:
    [[nodiscard]] Result<void> settle_found(AttemptId id, AttemptKind kind, RecoveryId recovery,
                                            const Gate& gate) {
        if (auto error = failure()) return *error;
        RecordedAttempt* guess = pending(id);
        FakeRecovery* row = find(recovery);
        if (guess == nullptr || row == nullptr || !row->alive(gate.opened_at) ||
            guess->what.recovery != recovery || guess->what.kind != kind)
            return not_found("settle a proof");
        guess->result = AttemptResult::Right;
        row->open_gate(gate);
        return {};
    }

    void tell(const EndedChanges& ended) {
        for (const OutboxRow& notice : ended.notices) queue(notice);
        audit_.push_back({ended.now, ended.audit_event, ended.subject, ended.audit_detail});
    }
    void end_open_recoveries(const SubjectKey& subject, TimePoint now) {
        for (auto& [id, row] : recoveries_) {
            if (row.what.subject != subject || !row.alive(now)) continue;
            row.what.expires_at = now;
            row.resume_code.reset();
        }
        end_kept_codes(subject, now);
    }

    void end_kept_codes(const SubjectKey& subject, TimePoint now) {
        std::erase_if(codes_, [&](const auto& row) {
            const FakeRecovery* of = find(row.first.first);
            const bool outlives = of != nullptr && (of->what.expires_at <= now ||
                                                    of->what.expires_at < row.second.expires_at);
            return of == nullptr || (of->what.subject == subject && outlives);
        });
    }

    static constexpr std::uint64_t kLargestStep = std::numeric_limits<std::int64_t>::max();

    std::optional<Error> failure() {
        if (countdown_ && countdown_->first-- == 0) {
            const ErrorKind kind = countdown_->second;
            countdown_.reset();
            if (only_once_) return Error{kind, "fake store: told to fail once"};
            failure_ = kind;
        }
        if (!failure_) return std::nullopt;
        return Error{*failure_, "fake store: told to fail"};
    }
    static bool is_code_of(const OutboxRow& row, const SubjectKey& subject) {
        return row.subject == subject && row.purpose == OutboxPurpose::Code;
    }
    static Error not_found(const char* what) {
        return {ErrorKind::NotFound, std::string{what} + ": not there"};
    }

    Charge charged(const LimitedAttempt& limited, TimePoint now) {
        for (const Limit& limit : limited.limits)
            if (attempts_.would_exceed(question(limited.attempt, limit, now)))
                return {0, false, limit.name};
        return {attempts_.record(limited.attempt, now), true, {}};
    }

    FakeAttempts::Question question(const Attempt& like, const Limit& limit, TimePoint now) const {
        const auto code = codes_.find({like.recovery, like.method});
        return {like, limit, now, code == codes_.end() ? 0 : code->second.after_attempt};
    }
    RecordedAttempt* pending(AttemptId id) {
        RecordedAttempt* row = attempts_.find(id);
        return row != nullptr && row->result == AttemptResult::Pending ? row : nullptr;
    }
    FakeRecovery* find(RecoveryId id) {
        const auto found = recoveries_.find(id);
        return found == recoveries_.end() ? nullptr : &found->second;
    }
    OutboxRow* queued(std::int64_t id) {
        for (OutboxRow& row : outbox_)
            if (row.id == id) return &row;
        return nullptr;
    }
    void queue(const FakeRecovery& recovery, OutboxRow row) {
        if (!recovery.what.deliverable) row.sealed.clear();
        queue(std::move(row));
    }
    void queue(OutboxRow row) {
        row.id = ++last_row_;
        row.tries = 0;
        outbox_.push_back(std::move(row));
    }

    FakeAttempts attempts_;
    std::map<RecoveryId, FakeRecovery> recoveries_;
    std::map<std::pair<RecoveryId, std::string>, FakeCode> codes_;
    std::vector<OutboxRow> outbox_;
    std::map<std::int64_t, TimePoint> leased_until_;
    std::map<std::string, ChannelHealth> health_;
    FakeEnrolments enrolments_;
    std::vector<AuditRecord> audit_;
    RecoveryId last_recovery_ = 0;
    std::int64_t last_row_ = 0;
    std::map<std::int64_t, TimePoint> queued_for_;  // of rows whose due_at has moved
    std::optional<ErrorKind> failure_;
    std::optional<std::pair<std::size_t, ErrorKind>> countdown_;
    bool only_once_ = false;
};

}  // namespace latchkey
