// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <set>
#include <string>

#include "monitor/import_digest.hpp"
#include "monitor/store_trail.hpp"

namespace latchkey {

struct AuditEntry;
struct LoggedEntry;

// The rows of the store that say they are of an import, beside the log's records of imports.
// Pure.
class ImportMatch {
public:
    struct Rows {
        ImportDigest digest;
        const StoredEntry* first = nullptr;
        bool is_logged = false;   // as imported
        bool is_excused = false;  // as about to be imported, and no more is known
    };

    // A row, in the order of the store. It outlives this.
    void take(const StoredEntry& entry, std::string_view import, std::string_view whose);
    // True if there are rows of that import; whether they are those of the record is told.
    [[nodiscard]] bool find(const LoggedEntry& logged, const StoreTrail& store, Findings& findings);
    // "importing": these rows were to come.
    void begun(const AuditEntry& entry);
    // "not_imported"
    void refused(const AuditEntry& entry);
    // Behind all records.
    void excuse();
    [[nodiscard]] const std::map<std::string, Rows, std::less<>>& imports() const {
        return imports_;
    }

private:
    std::map<std::string, Rows, std::less<>> imports_;
    std::map<std::string, std::string> begun_;  // import and digest
    std::set<std::string> refused_;
};

}  // namespace latchkey
