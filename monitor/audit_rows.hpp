// SPDX-License-Identifier: MIT
//
// The lines of the audit log and how they hang together. Each line ends in a
// keyed hash over itself and the one before it; the key never leaves the root
// side, so nobody else can write a line that fits (docs/adr/0006). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/vault.hpp"
#include "core/recovery.hpp"
#include "core/secret.hpp"

namespace latchkey {

inline constexpr std::size_t kLongestService = 64;  // of an entry; what is longer is cut

struct AuditEntry {
    TimePoint at{};
    // "recovery", "act", "after_act", "enrolling", "enrolled", "not_enrolled", "importing",
    // "imported", "not_imported", "change", "codes", "pass", "unlocked", "omitted"
    std::string event;
    std::string who;      // an account's name; "#5f3a9c01", a keyed hash, for any other name
    std::string service;  // PAM service; "latchkey" for root's command
    std::string source;
    std::string gates;    // "1/2": proven in this connection, and needed; may be empty
    std::string proofs;   // "email,saved"; may be empty
    std::string outcome;  // "recovered", "refused", "begun" ...
    std::string rule;     // what decided: "gates=2/2", "limit=wrong_per_day"; may be empty
};

// A record's place in the chain. {0, {}} stands before the first one.
struct AuditHead {
    std::uint64_t number = 0;
    Digest chain{};
    friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

struct AuditRow {
    AuditHead head;
    AuditEntry entry;
    std::string_view text;  // what the hash is over; part of the line it was read from
};

// The line of the record that follows `before`, with its '\n'; `after` is its place.
struct AuditLine {
    std::string text;
    AuditHead after;
};
[[nodiscard]] AuditLine audit_line(const AuditEntry& entry, const AuditHead& before,
                                   const Secret& key);
// Nothing if the line (without '\n') is no record.
[[nodiscard]] std::optional<AuditRow> audit_row_in(std::string_view line);
// Whether the row's hash is what the key makes of it behind `before`.
[[nodiscard]] bool hangs_on(const AuditRow& row, const AuditHead& before, const Secret& key);

// "57:HEX": as it is kept beside the log, written to the system log and taken by
// `latchkey audit verify --head`.
[[nodiscard]] std::string text_of(const AuditHead& head);
[[nodiscard]] std::optional<AuditHead> audit_head_in(std::string_view text);

// Reads a log line by line and says what is wrong with it. A record that was
// changed is named, not all that follow it.
class AuditCheck {
public:
    explicit AuditCheck(const Secret& key) : key_(key) {}

    void line(std::string_view line);                        // without '\n'
    void unfinished_line() { has_unfinished_line_ = true; }  // bytes behind the last '\n'
    // A record that was seen elsewhere and must be in the log.
    void expect(const AuditHead& elsewhere) { elsewhere_ = elsewhere; }
    // `anchor`: the newest record as it is kept beside the log; nothing: there is none.
    void finish(const std::optional<AuditHead>& anchor);

    [[nodiscard]] std::uint64_t records() const { return records_; }
    [[nodiscard]] const AuditHead& newest() const { return last_; }
    // Sentences; empty: intact.
    [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }
    // What a crash explains, and nothing that is missing.
    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

private:
    void fault(std::string sentence);
    void compare_with(const AuditHead& anchor);
    void finish_elsewhere();

    const Secret& key_;
    AuditHead last_;
    AuditHead before_last_;
    bool is_linked_ = true;  // the next record's hash can be checked
    bool has_unfinished_line_ = false;
    bool found_elsewhere_ = false;
    std::optional<AuditHead> elsewhere_;
    std::uint64_t records_ = 0;
    std::uint64_t lines_ = 0;
    std::vector<std::string> faults_;
    std::vector<std::string> notes_;
};

}  // namespace latchkey
