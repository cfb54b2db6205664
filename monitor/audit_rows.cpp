// SPDX-License-Identifier: MIT
#include "monitor/audit_rows.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "monitor/row_text.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kFields = 10;  // and the hash
constexpr std::size_t kHexDigits = 2 * std::tuple_size_v<Digest>;
constexpr std::size_t kMostFaults = 20;

std::string hex_of(const Digest& digest) {
    std::string hex(kHexDigits + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    hex.pop_back();
    return hex;
}

std::optional<Digest> digest_in(std::string_view hex) {
    Digest digest{};
    std::size_t length = 0;
    if (hex.size() != kHexDigits ||
        sodium_hex2bin(digest.data(), digest.size(), hex.data(), hex.size(), nullptr, &length,
                       nullptr) != 0 ||
        length != digest.size())
        return std::nullopt;
    return digest;
}

Digest chained(std::string_view text, const AuditHead& before, const Secret& key) {
    return SodiumVault{}.digest(key, "audit|" + text_of(before), text);
}

std::string those(std::uint64_t first, std::uint64_t last) {
    if (first == last) return "record " + std::to_string(first) + " is";
    return "records " + std::to_string(first) + " to " + std::to_string(last) + " are";
}

}  // namespace

AuditLine audit_line(const AuditEntry& entry, const AuditHead& before, const Secret& key) {
    AuditLine line;
    line.after.number = before.number + 1;
    line.text = std::to_string(line.after.number);
    line.text += '\t' + std::to_string(entry.at.time_since_epoch().count());
    for (const std::string* field : {&entry.event, &entry.who, &entry.service, &entry.source,
                                     &entry.gates, &entry.proofs, &entry.outcome, &entry.rule})
        line.text += '\t' + encoded(*field);
    line.after.chain = chained(line.text, before, key);
    line.text += '\t' + hex_of(line.after.chain) + '\n';
    return line;
}

std::optional<AuditRow> audit_row_in(std::string_view line) {
    const auto fields = split(line, '\t');
    if (fields.size() != kFields + 1) return std::nullopt;
    AuditRow row;
    const auto number = number_in<std::uint64_t>(fields[0]);
    const auto seconds = number_in<std::int64_t>(fields[1]);
    const auto chain = digest_in(fields[kFields]);
    if (!number || *number == 0 || !seconds || !chain) return std::nullopt;
    row.head = {*number, *chain};
    row.entry.at = TimePoint{std::chrono::seconds{*seconds}};
    std::size_t place = 2;
    AuditEntry& entry = row.entry;
    for (std::string* field : {&entry.event, &entry.who, &entry.service, &entry.source,
                               &entry.gates, &entry.proofs, &entry.outcome, &entry.rule}) {
        auto text = decoded(fields[place++]);
        if (!text) return std::nullopt;
        *field = std::move(*text);
    }
    row.text = line.substr(0, line.size() - kHexDigits - 1);
    return row;
}

bool hangs_on(const AuditRow& row, const AuditHead& before, const Secret& key) {
    return row.head.number == before.number + 1 && row.head.chain == chained(row.text, before, key);
}

std::string text_of(const AuditHead& head) {
    return std::to_string(head.number) + ':' + hex_of(head.chain);
}

std::optional<AuditHead> audit_head_in(std::string_view text) {
    const auto parts = split(text, ':');
    if (parts.size() != 2) return std::nullopt;
    const auto number = number_in<std::uint64_t>(parts[0]);
    const auto chain = digest_in(parts[1]);
    if (!number || *number == 0 || !chain) return std::nullopt;
    return AuditHead{*number, *chain};
}

void AuditCheck::fault(std::string sentence) {
    if (faults_.size() == kMostFaults) faults_.emplace_back("and more; only the first are named");
    if (faults_.size() < kMostFaults) faults_.push_back(std::move(sentence));
}

void AuditCheck::line(std::string_view line) {
    ++lines_;
    const auto row = audit_row_in(line);
    if (!row) {
        fault("line " + std::to_string(lines_) + " is no record");
        return;
    }
    ++records_;
    const std::uint64_t number = row->head.number;
    const std::string name = "record " + std::to_string(number);
    if (number <= last_.number) {
        fault(name + " stands behind record " + std::to_string(last_.number));
        is_linked_ = false;
    } else if (number > last_.number + 1) {
        fault(those(last_.number + 1, number - 1) + " missing");
        is_linked_ = false;
    }
    // Behind a gap there is nothing to compare the first hash with.
    if (is_linked_ && !hangs_on(*row, last_, key_))
        fault(name + " was changed, or put in the place of another");
    is_linked_ = true;
    if (elsewhere_ == row->head) found_elsewhere_ = true;
    before_last_ = last_;
    last_ = row->head;
}

void AuditCheck::finish(const std::optional<AuditHead>& anchor) {
    // A record is on disk before its anchor: behind a crash the anchor may be one
    // record late, and before the very first one it is absent.
    compare_with(anchor.value_or(AuditHead{}));
    if (!anchor && last_.number > 1) fault("the anchor audit.head is missing or unreadable");
    if (has_unfinished_line_) {
        notes_.emplace_back(
            "an unfinished record stands at the end: the host stopped while it was written");
    }
    finish_elsewhere();
}

void AuditCheck::compare_with(const AuditHead& anchor) {
    if (anchor.number > last_.number) {
        fault(those(last_.number + 1, anchor.number) +
              " missing at the end: cut off, or lost by a disk that had confirmed them");
    } else if (anchor.number == last_.number) {
        if (anchor.chain != last_.chain)
            fault("the newest record is not the one that audit.head names");
    } else if (anchor.number + 1 == last_.number) {
        if (anchor.number > 0 && anchor != before_last_)
            fault("the record before the newest is not the one that audit.head names");
        notes_.push_back("record " + std::to_string(last_.number) +
                         " is genuine and not yet anchored: the host stopped between the two");
    } else if (anchor.number > 0) {
        fault("audit.head is older than the log: it was put back");
    }
}

void AuditCheck::finish_elsewhere() {
    if (elsewhere_ && !found_elsewhere_)
        fault("record " + std::to_string(elsewhere_->number) +
              " is not the one that was given with --head: the log was cut or made anew");
}

}  // namespace latchkey
