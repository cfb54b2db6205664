// SPDX-License-Identifier: MIT
//
// The attempts of FakeStore and the counting of limits over them.
#pragma once

#include <algorithm>
#include <set>
#include <vector>

#include "core/ports/store.hpp"

namespace latchkey {

struct RecordedAttempt {
    AttemptId id = 0;
    Attempt what;
    TimePoint at;
    AttemptResult result = AttemptResult::Pending;
};

class FakeAttempts {
public:
    // What a limit counts for an attempt like this one. `code_alive_after`: the
    // newest attempt when the code now alive was issued.
    struct Question {
        const Attempt& like;
        const Limit& limit;
        TimePoint now;
        AttemptId code_alive_after = 0;
    };

    [[nodiscard]] std::uint32_t count(const Question& question) const {
        const auto counted = matching(question);
        if (question.limit.scope != LimitScope::SubjectsOfSource)
            return static_cast<std::uint32_t>(counted.size());
        return static_cast<std::uint32_t>(subjects(counted).size());
    }

    // A subject that was tried before is no further subject.
    [[nodiscard]] bool would_exceed(const Question& question) const {
        if (!binds(question.limit, question.like)) return false;
        const auto counted = matching(question);
        if (question.limit.scope != LimitScope::SubjectsOfSource)
            return counted.size() >= question.limit.at_most;
        std::set<SubjectKey> others = subjects(counted);
        others.erase(question.like.subject);
        return others.size() >= question.limit.at_most;
    }

    AttemptId record(const Attempt& attempt, TimePoint now) {
        rows_.push_back({++last_id_, attempt, now, AttemptResult::Pending});
        if (is_bucket(attempt.subject))
            trim(kAttemptsPerBucket,
                 [&](const Attempt& other) { return other.subject == attempt.subject; });
        if (attempt.kind == AttemptKind::SavedCode)
            trim(kSavedCodeAttemptsKept, [&](const Attempt& other) {
                return other.subject == attempt.subject && other.kind == attempt.kind;
            });
        return last_id_;
    }

    [[nodiscard]] RecordedAttempt* find(AttemptId id) {
        const auto row = std::find_if(rows_.begin(), rows_.end(),
                                      [id](const RecordedAttempt& each) { return each.id == id; });
        return row == rows_.end() ? nullptr : &*row;
    }

    void erase(AttemptId id) {
        std::erase_if(rows_, [id](const RecordedAttempt& row) { return row.id == id; });
    }

    // Wrong or pending guesses at a code since `after`, charged before `before`.
    [[nodiscard]] std::uint32_t wrong_between(const RecordedAttempt& guess, AttemptId after) const {
        return static_cast<std::uint32_t>(
            std::count_if(rows_.begin(), rows_.end(), [&](const RecordedAttempt& row) {
                return row.id > after && row.id < guess.id && row.what.kind == AttemptKind::Code &&
                       row.what.recovery == guess.what.recovery &&
                       row.what.method == guess.what.method && row.result != AttemptResult::Right;
            }));
    }

    [[nodiscard]] std::uint32_t wrong_since(AttemptId after, RecoveryId recovery,
                                            std::string_view method) const {
        return static_cast<std::uint32_t>(
            std::count_if(rows_.begin(), rows_.end(), [&](const RecordedAttempt& row) {
                return row.id > after && row.what.kind == AttemptKind::Code &&
                       row.what.recovery == recovery && row.what.method == method &&
                       row.result != AttemptResult::Right;
            }));
    }
    void move_guesses(RecoveryId from, RecoveryId to, std::string_view method) {
        for (RecordedAttempt& row : rows_)
            if (row.what.recovery == from && row.what.method == method &&
                row.what.kind == AttemptKind::Code)
                row.what.recovery = to;
    }

    void prune(TimePoint now) {
        std::erase_if(rows_, [now](const auto& row) { return row.at <= now - kAttemptsKept; });
    }

    [[nodiscard]] AttemptId last_id() const { return last_id_; }
    [[nodiscard]] const std::vector<RecordedAttempt>& rows() const { return rows_; }

private:
    [[nodiscard]] static bool in_scope(const Attempt& a, const Attempt& like, LimitScope scope) {
        switch (scope) {
            case LimitScope::Subject:
                return a.subject == like.subject;
            case LimitScope::SubjectAndMethod:
                return a.subject == like.subject && a.method == like.method;
            case LimitScope::Recovery:
                return a.recovery == like.recovery && a.method == like.method;
            case LimitScope::Source:
            case LimitScope::SubjectsOfSource:
                return a.source == like.source;
            case LimitScope::SourceAndSubject:
                return a.source == like.source && a.subject == like.subject;
            case LimitScope::Accounts:
                return !is_bucket(a.subject) && !is_channel(a.subject);
            case LimitScope::Host:
                return true;
        }
        return true;
    }

    [[nodiscard]] std::vector<const RecordedAttempt*> matching(const Question& question) const {
        const Limit& limit = question.limit;
        std::vector<const RecordedAttempt*> found;
        for (const RecordedAttempt& row : rows_) {
            if (row.at <= question.now - limit.window) continue;
            if (limit.scope == LimitScope::Recovery && row.id <= question.code_alive_after)
                continue;
            if (!in_scope(row.what, question.like, limit.scope)) continue;
            if (!binds(limit, row.what)) continue;
            if (std::count(limit.kinds.begin(), limit.kinds.end(), row.what.kind) == 0) continue;
            const bool right = row.result == AttemptResult::Right;
            if (right && limit.since_last_right) found.clear();
            if (!right || limit.count_right) found.push_back(&row);
        }
        return found;
    }

    [[nodiscard]] static std::set<SubjectKey> subjects(
        const std::vector<const RecordedAttempt*>& rows) {
        std::set<SubjectKey> names;
        for (const RecordedAttempt* row : rows) names.insert(row->what.subject);
        return names;
    }

    // Keeps the newest of those that belong together.
    template <class Belongs>
    void trim(std::uint32_t kept, const Belongs& belongs) {
        auto surplus =
            std::count_if(rows_.begin(), rows_.end(),
                          [&](const RecordedAttempt& row) { return belongs(row.what); }) -
            static_cast<std::ptrdiff_t>(kept);
        std::erase_if(
            rows_, [&](const RecordedAttempt& row) { return belongs(row.what) && surplus-- > 0; });
    }

    std::vector<RecordedAttempt> rows_;
    AttemptId last_id_ = 0;
};

}  // namespace latchkey
