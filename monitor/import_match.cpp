// SPDX-License-Identifier: MIT
#include "monitor/import_match.hpp"

#include "monitor/trail_match.hpp"

namespace latchkey {

void ImportMatch::take(const StoredEntry& entry, std::string_view import, std::string_view whose) {
    Rows& rows = imports_[std::string{import}];
    if (rows.first == nullptr) rows.first = &entry;
    rows.digest.add(whose);
}

bool ImportMatch::find(const LoggedEntry& logged, const StoreTrail& store, Findings& findings) {
    const auto rule = import_rule_in(logged.entry.rule);
    const auto found = rule ? imports_.find(rule->import) : imports_.end();
    if (found == imports_.end() || found->second.is_logged) return false;
    Rows& rows = found->second;
    rows.is_logged = true;
    const std::string record = "record " + std::to_string(logged.record) + " (imported) is of " +
                               logged.entry.outcome + ", ";
    const std::string there = std::to_string(rows.digest.rows());
    if (store.is_shortened() && rows.first == &store.entries().front()) {
        findings.note(record + "of which the newest " + there + " were read, and not compared");
    } else if (rows.digest.text() != rule->digest) {
        findings.fault(record + "and " + there +
                       " rows of the store say that they are of it: some were added, taken out "
                       "or altered");
    }
    return true;
}

void ImportMatch::begun(const AuditEntry& entry) {
    if (const auto rule = import_rule_in(entry.rule)) begun_[rule->import] = rule->digest;
}

void ImportMatch::refused(const AuditEntry& entry) {
    if (const auto rule = import_rule_in(entry.rule)) refused_.insert(rule->import);
}

void ImportMatch::excuse() {
    for (auto& [import, rows] : imports_) {
        const auto begun = begun_.find(import);
        if (rows.is_logged || begun == begun_.end() || refused_.contains(import)) continue;
        rows.is_excused = rows.digest.text() == begun->second;
    }
}

}  // namespace latchkey
