// SPDX-License-Identifier: MIT
#include "monitor/trail_match.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "monitor/enrolment_match.hpp"
#include "monitor/import_match.hpp"
#include "monitor/row_text.hpp"
#include "monitor/stored_texts.hpp"

namespace latchkey {

namespace {

using std::chrono::seconds;

// A conversation ends after 30 minutes, and an act that failed is asked for three times.
constexpr seconds kLongestConversation = std::chrono::minutes{30};
constexpr std::uint32_t kActsOfGrant = 3;

struct Grant {
    const StoredEntry* entry = nullptr;
    ActRow row;
    std::uint32_t acts = 0;   // that the log has begun
    std::uint32_t told = 0;   // "acted" rows
    std::uint32_t ended = 0;  // the definite ones of them
};

seconds distance(TimePoint one, TimePoint other) {
    return one < other ? other - one : one - other;
}

class Comparison {
public:
    Comparison(const LoggedSide& log, const StoreTrail& store, const AskedAt& asked_at)
        : log_(log), store_(store), asked_at_(asked_at) {}

    Findings run() {
        for (const StoredEntry& entry : store_.entries()) sort_in(entry);
        for (const LoggedEntry* logged : without_row()) unknown_to_store(*logged);
        for (const Grant& grant : grants_) judge(grant);
        enrolments_.excuse();
        imports_.excuse();
        enrolments_.each([this](const EnrolmentMatch::Row& row) { judge(row); });
        for (const auto& [name, rows] : imports_.imports()) judge(name, rows);
        tell_what_is_older();
        return std::move(findings_);
    }

private:
    // The newest record chooses first: a row is written before its record, so that an
    // older one cannot have it, however near.
    std::deque<const LoggedEntry*> without_row() {
        std::deque<const LoggedEntry*> records;
        for (auto logged = log_.entries.rbegin(); logged != log_.entries.rend(); ++logged) {
            if (!find(*logged)) records.push_front(&*logged);
        }
        return records;
    }

    bool find(const LoggedEntry& logged) {
        if (logged.entry.event == "act") return find_grant(logged.entry);
        if (logged.entry.event == "imported") return imports_.find(logged, store_, findings_);
        if (logged.entry.event == "enrolled") return enrolments_.find(logged.entry);
        tell_of_attempt(logged.entry);
        return true;
    }

    // Of enrolments that were to come nothing need be in the store.
    void tell_of_attempt(const AuditEntry& entry) {
        if (entry.event == "importing") return imports_.begun(entry);
        if (entry.event == "not_imported") return imports_.refused(entry);
        if (entry.event == "enrolling") return enrolments_.begun(entry);
        enrolments_.refused(entry);
    }

    void sort_in(const StoredEntry& entry) {
        if (entry.event == "enrolment") {
            const auto whose = whose_enrolment(entry);
            if (!whose) return malformed(entry);
            if (const auto import = import_in(entry); !import.empty())
                return imports_.take(entry, import, *whose);
            return enrolments_.take(entry, *whose);
        }
        auto row = act_row_in(entry);
        if (!row) return malformed(entry);
        if (entry.event == "acted") return sort_in_end(entry, *row);
        sort_in_grant(entry, std::move(*row));
    }

    void sort_in_grant(const StoredEntry& entry, ActRow row) {
        if (!grant_of_.emplace(row.recovery, grants_.size()).second)
            findings_.fault(row_name(entry.row) +
                            " grants a recovery for the second time: the row is forged");
        grants_of_[row.whose].push_back(grants_.size());
        grants_.push_back({&entry, std::move(row)});
    }

    void sort_in_end(const StoredEntry& entry, const ActRow& row) {
        const auto found = grant_of_.find(row.recovery);
        if (found != grant_of_.end() && grants_[found->second].row.whose == row.whose) {
            Grant& grant = grants_[found->second];
            ++grant.told;
            if (is_definite(row.result)) ++grant.ended;
            return;
        }
        if (store_.is_shortened() && entry.at < *store_.begins() + kLongestConversation) return;
        findings_.fault(row_name(entry.row) + " tells that " + shown(row.act) + " of " +
                        shown(row.name) +
                        " ended, and no row grants it: the row is forged, or the grant was taken "
                        "out");
    }

    void malformed(const StoredEntry& entry) {
        findings_.fault(row_name(entry.row) + " (" + entry.event +
                        ") is not as latchkey writes it: " + shown(entry.detail));
    }

    // The grant nearest to the act, as no two conversations of one person from one place
    // are told apart; of equal ones that without an act.
    bool find_grant(const AuditEntry& act) {
        const auto found = grants_of_.find(whose_act(act.who, act.rule, act.service, act.source));
        if (found == grants_of_.end()) return false;
        Grant* nearest = nullptr;
        for (const std::size_t place : found->second) {
            Grant& grant = grants_[place];
            const TimePoint at = grant.entry->at;
            if (grant.acts == kActsOfGrant || at > act.at + kClockStep ||
                act.at > at + kLongestConversation)
                continue;
            if (nearest == nullptr ||
                std::pair{distance(at, act.at), grant.acts} <
                    std::pair{distance(nearest->entry->at, act.at), nearest->acts})
                nearest = &grant;
        }
        if (nearest != nullptr) ++nearest->acts;
        return nearest != nullptr;
    }

    void unknown_to_store(const LoggedEntry& logged) {
        const AuditEntry& entry = logged.entry;
        if (logged.record > asked_at_.newest_record) return;  // written since the store was read
        if (!store_.begins() || entry.at < *store_.begins()) {
            ++older_records_;
            return;
        }
        const std::string record = "record " + std::to_string(logged.record) + " (" + entry.event +
                                   " of " + shown(entry.who) + ") ";
        if (entry.event == "act")
            return findings_.fault(
                record +
                "has no grant in the store: a verifier asked for the act without one, the row was "
                "taken out, or the store was put back to an earlier state");
        findings_.fault(record +
                        "has no row in the store: it was taken out, the store was put back to an "
                        "earlier state, or could not be written then");
    }

    [[nodiscard]] bool is_older_than_log(const StoredEntry& entry) const {
        return !log_.begins || entry.not_before < *log_.begins;
    }

    void judge(const Grant& grant) {
        const StoredEntry& entry = *grant.entry;
        const std::string what = row_name(entry.row) + " (" + shown(grant.row.act) + " of " +
                                 shown(grant.row.name) + ") ";
        if (grant.ended > 1)
            findings_.fault(what + "has more than one end: one of those rows is forged");
        if (grant.acts == 0 && is_older_than_log(entry)) {
            ++older_rows_;
        } else if (grant.acts == 0 && grant.ended > 0) {
            findings_.fault(what +
                            "was done as the store has it, and the audit log knows of no such act: "
                            "the row is forged");
        } else if (grant.acts == 0) {
            findings_.note(what +
                           "grants an act that the root side did not begin: the conversation "
                           "ended between the two or was refused, or the row is forged");
        } else if (grant.told < grant.acts) {
            findings_.note(what +
                           "has no row that tells how it ended: the conversation is open, or was "
                           "killed before it was written, or the row was taken out");
        }
    }

    void judge(const EnrolmentMatch::Row& row) {
        if (row.is_logged) return;
        const StoredEntry& entry = *row.entry;
        unknown_to_log(entry, "(" + shown(entry.detail) + " for " + shown(name_in(entry.subject)),
                       {1, row.is_excused});
    }

    void judge(const std::string& name, const ImportMatch::Rows& rows) {
        if (rows.is_logged) return;
        const std::uint64_t number = rows.digest.rows();
        unknown_to_log(*rows.first,
                       "(the first of " + std::to_string(number) + " of the import " + shown(name),
                       {number, rows.is_excused});
    }

    struct Unlogged {
        std::uint64_t rows = 0;
        bool is_excused = false;  // the log says that they were to come
    };

    void unknown_to_log(const StoredEntry& entry, const std::string& which,
                        const Unlogged& unlogged) {
        const std::string what = row_name(entry.row) + ' ' + which + ") ";
        if (is_older_than_log(entry)) {
            older_rows_ += unlogged.rows;
        } else if (unlogged.is_excused) {
            findings_.note(what +
                           "is in the audit log as about to be enrolled and not as enrolled: the "
                           "command or the host ended between the two, or the row is forged");
        } else if (entry.at + kEnrolling > asked_at_.time &&
                   entry.at <= asked_at_.time + kClockStep) {
            findings_.note(what +
                           "is not in the audit log: it is just being enrolled, or the row is "
                           "forged; ask again in two minutes");
        } else {
            findings_.fault(what +
                            "is not in the audit log, where it is written before it is enrolled: "
                            "somebody else enrolled it");
        }
    }

    void tell_what_is_older() {
        if (older_records_ > 0 && !store_.is_shortened())
            findings_.note(
                "acts and enrolments in the log that the store does not know, because its trail " +
                (store_.begins() ? "begins later (" + iso_text(*store_.begins()) + "): "
                                 : std::string{"is empty: "}) +
                std::to_string(older_records_) +
                ". The store was made anew by you, or taken away by somebody");
        if (older_rows_ > 0)
            findings_.note(
                "grants and enrolments in the store that the log does not know, because it " +
                (log_.begins ? "begins later (" + iso_text(*log_.begins) + "): "
                             : std::string{"is empty: "}) +
                std::to_string(older_rows_) +
                ". The log was begun anew by you, or taken away by somebody");
    }

    const LoggedSide& log_;
    const StoreTrail& store_;
    AskedAt asked_at_;
    std::vector<Grant> grants_;
    std::map<std::int64_t, std::size_t> grant_of_;  // by recovery
    std::map<std::string, std::vector<std::size_t>> grants_of_;
    EnrolmentMatch enrolments_;
    ImportMatch imports_;
    std::uint64_t older_records_ = 0;
    std::uint64_t older_rows_ = 0;
    Findings findings_;
};

}  // namespace

void LoggedSide::take(const AuditRow& row) {
    if (!begins) begins = row.entry.at;
    constexpr std::array<std::string_view, 7> kCompared{
        "act", "enrolling", "enrolled", "not_enrolled", "importing", "imported", "not_imported"};
    if (std::find(kCompared.begin(), kCompared.end(), row.entry.event) != kCompared.end())
        entries.push_back({row.head.number, row.entry});
}

Findings compare_trails(const LoggedSide& log, const StoreTrail& store, const AskedAt& asked_at) {
    return Comparison{log, store, asked_at}.run();
}

}  // namespace latchkey
