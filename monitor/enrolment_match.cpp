// SPDX-License-Identifier: MIT
#include "monitor/enrolment_match.hpp"

#include <algorithm>

#include "monitor/stored_texts.hpp"

namespace latchkey {

namespace {

std::chrono::seconds distance(TimePoint one, TimePoint other) {
    return one < other ? other - one : one - other;
}

std::string whose(const AuditEntry& entry) {
    return whose_enrolment(entry.who, entry.outcome);
}

}  // namespace

void EnrolmentMatch::take(const StoredEntry& entry, const std::string& whose) {
    all_[whose].rows.push_back({&entry});
}

bool EnrolmentMatch::find(const AuditEntry& enrolled) {
    Of& of = all_[whose(enrolled)];
    ++of.ends;
    Row* nearest = nullptr;
    for (Row& row : of.rows) {
        const auto away = distance(row.entry->at, enrolled.at);
        if (row.is_logged || away > kEnrolling) continue;
        if (nearest == nullptr || away < distance(nearest->entry->at, enrolled.at)) nearest = &row;
    }
    if (nearest != nullptr) nearest->is_logged = true;
    return nearest != nullptr;
}

void EnrolmentMatch::begun(const AuditEntry& entry) {
    Of& of = all_[whose(entry)];
    if (of.ends > 0)
        --of.ends;
    else
        of.attempts.push_back(entry.at);
}

void EnrolmentMatch::refused(const AuditEntry& entry) {
    ++all_[whose(entry)].ends;
}

void EnrolmentMatch::excuse() {
    for (auto& [whose, of] : all_)
        for (Row& row : of.rows)
            if (!row.is_logged) row.is_excused = excuse(row, of.attempts);
}

bool EnrolmentMatch::excuse(Row& row, std::vector<TimePoint>& attempts) {
    const TimePoint at = row.entry->at;
    const auto found = std::find_if(attempts.begin(), attempts.end(), [at](TimePoint begun) {
        return at + kClockStep >= begun && at <= begun + kEnrolling;
    });
    if (found == attempts.end()) return false;
    attempts.erase(found);
    return true;
}

void EnrolmentMatch::each(const std::function<void(const Row&)>& judge) const {
    for (const auto& [whose, of] : all_)
        for (const Row& row : of.rows) judge(row);
}

}  // namespace latchkey
