// SPDX-License-Identifier: MIT
#include "monitor/last_use.hpp"

#include <string_view>

#include "monitor/row_text.hpp"

namespace latchkey {

namespace {

// Most lines are of people who left, and need not be taken apart.
bool may_be_one(std::string_view line) {
    return line.find("\trecovery\t") != line.npos;
}

bool is_use(const AuditEntry& entry) {
    return entry.event == "recovery" &&
           (entry.outcome == "recovered" || entry.outcome == "unlocked");
}

}  // namespace

Result<LastUses> last_uses_in(const AuditLog& audit) {
    LastUses uses;
    auto done = audit.read([&uses](std::string_view line) {
        if (!line.ends_with('\n') || !may_be_one(line)) return;
        const auto row = audit_row_in(line.substr(0, line.size() - 1));
        if (!row || !is_use(row->entry)) return;
        uses[row->entry.who] = {row->entry.at, row->entry.service, row->entry.outcome};
    });
    if (!done) return std::move(done).error();
    return uses;
}

nlohmann::json last_use_of(const std::string& account, const Result<LastUses>& uses) {
    if (!uses) return {{"error", uses.error().detail}};
    const auto found = uses->find(account);
    if (found == uses->end()) return nullptr;
    return {{"at", iso_text(found->second.at)},
            {"service", found->second.service},
            {"outcome", found->second.outcome}};
}

}  // namespace latchkey
