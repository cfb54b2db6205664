// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/audit_rows.hpp"
#include "monitor/store_trail.hpp"

namespace latchkey {

// Between a record of an enrolment and its row: root's command waits for the store for so long at
// most.
inline constexpr std::chrono::seconds kEnrolling{120};
inline constexpr std::chrono::seconds kClockStep{60};

// The store's rows of single enrolments beside the log's records of them. Pure.
class EnrolmentMatch {
public:
    struct Row {
        const StoredEntry* entry = nullptr;
        bool is_logged = false;   // as enrolled
        bool is_excused = false;  // as about to be enrolled, and no more is known
    };

    // A row; it outlives this.
    void take(const StoredEntry& entry, const std::string& whose);

    // The log's records, the newest first.
    // "enrolled". False: there is no row of it.
    [[nodiscard]] bool find(const AuditEntry& enrolled);
    // "enrolling"
    void begun(const AuditEntry& entry);
    // "not_enrolled"
    void refused(const AuditEntry& entry);

    // Behind all records. An attempt of which no end is logged excuses one row.
    void excuse();
    void each(const std::function<void(const Row&)>& judge) const;

private:
    struct Of {  // one account and method
        std::vector<Row> rows;
        std::vector<TimePoint> attempts;  // without an end
        std::uint64_t ends = 0;           // whose beginning is still to come
    };
    static bool excuse(Row& row, std::vector<TimePoint>& attempts);

    std::map<std::string, Of> all_;
};

}  // namespace latchkey
