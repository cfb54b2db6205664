// SPDX-License-Identifier: MIT
//
// The store's audit trail as the verifier reads it out: taken page by page, bounded, and
// looked through for rows that are missing or were altered. The verifier may have been
// taken over: its word about itself counts as its word, never as the truth. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/recovery.hpp"
#include "core/result.hpp"

namespace latchkey {

// Sentences; the first of them, and that there are more.
class Findings {
public:
    void fault(std::string sentence) { add(faults_, std::move(sentence)); }
    void note(std::string sentence) { add(notes_, std::move(sentence)); }
    void take(const Findings& others);
    // Something is not as it was written.
    [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }
    // What something innocent explains, and says what else it can mean.
    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

private:
    static void add(std::vector<std::string>& sentences, std::string sentence);

    std::vector<std::string> faults_;
    std::vector<std::string> notes_;
};

// A row that tells of something that the root side has seen as well.
struct StoredEntry {
    std::int64_t row = 0;
    TimePoint at{};
    std::string event;  // "granted", "acted" or "enrolment"
    std::string subject;
    std::string detail;
    // The newest time up to this row: whoever dates one back cannot pass it off as older
    // than those before it.
    TimePoint not_before{};
};

class StoreTrail {
public:
    static constexpr std::size_t kMostEntries = 100'000;  // the newest are kept

    // The verifier's answer to AuditVerify behind after(). Corrupt: it is none.
    Result<void> take(const std::vector<nlohmann::json>& page);
    [[nodiscard]] std::int64_t after() const { return newest_; }
    [[nodiscard]] bool is_complete() const { return is_complete_; }

    [[nodiscard]] std::uint64_t rows() const { return rows_; }
    [[nodiscard]] const std::deque<StoredEntry>& entries() const { return entries_; }
    // When the oldest row was written that can be compared; nothing: there is none.
    [[nodiscard]] const std::optional<TimePoint>& begins() const { return begins_; }
    [[nodiscard]] bool is_shortened() const { return is_shortened_; }
    [[nodiscard]] const Findings& findings() const { return findings_; }

private:
    Result<void> take_row(const nlohmann::json& row);
    void look_at_place(std::int64_t row, bool is_linked);
    void keep(StoredEntry entry);
    void finish(std::int64_t last_id);

    std::int64_t newest_ = 0;
    bool is_complete_ = false;
    bool is_shortened_ = false;
    std::uint64_t rows_ = 0;
    std::optional<TimePoint> begins_;
    TimePoint latest_{};
    std::deque<StoredEntry> entries_;
    Findings findings_;
};

// "row 7 of the store"
[[nodiscard]] std::string row_name(std::int64_t row);
// A text of the store for a sentence: short, printable, in quotes.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace latchkey
