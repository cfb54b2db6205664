// SPDX-License-Identifier: MIT
#include "monitor/store_trail.hpp"

#include <algorithm>
#include <utility>

#include "core/printable.hpp"
#include "core/wire/message.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

constexpr std::size_t kMostFindings = 20;
constexpr std::size_t kLongestShown = 48;
// What the verifier cuts its texts to, so that a hostile one costs no more memory.
constexpr std::size_t kLongestText = 512;
constexpr std::int64_t kYear9999 = 253'402'300'799;  // beyond, arithmetic could overflow

std::string those(std::int64_t first, std::int64_t last) {
    if (first == last) return row_name(first) + " is";
    return "rows " + std::to_string(first) + " to " + std::to_string(last) + " of the store are";
}

std::optional<std::string> text_in(const json& row, const char* key) {
    const auto found = row.find(key);
    if (found == row.end() || !found->is_string()) return std::nullopt;
    const auto& text = found->get_ref<const std::string&>();
    if (text.size() > kLongestText) return std::nullopt;
    return text;
}

std::optional<std::int64_t> integer_in(const json& row, const char* key) {
    const auto found = row.find(key);
    if (found == row.end() || !found->is_number_integer()) return std::nullopt;
    // A number beyond what the store can hold would come out as another one.
    if (found->is_number_unsigned() && found->get<std::uint64_t>() > INT64_MAX) return std::nullopt;
    return found->get<std::int64_t>();
}

Error no_row() {
    return {ErrorKind::Corrupt, "the verifier sent a row of the trail that is none"};
}

}  // namespace

void Findings::add(std::vector<std::string>& sentences, std::string sentence) {
    if (sentences.size() == kMostFindings)
        sentences.emplace_back("and more; only the first are named");
    if (sentences.size() < kMostFindings) sentences.push_back(std::move(sentence));
}

void Findings::take(const Findings& others) {
    for (const std::string& sentence : others.faults_) fault(sentence);
    for (const std::string& sentence : others.notes_) note(sentence);
}

std::string row_name(std::int64_t row) {
    return "row " + std::to_string(row) + " of the store";
}

std::string shown(std::string_view text) {
    return in_quotes(escaped(text.substr(0, kLongestShown)));
}

Result<void> StoreTrail::take(const std::vector<json>& page) {
    if (page.empty() || page.size() > wire::kTrailPage + 1) return no_row();
    const auto last_id = integer_in(page.back(), "last_id");
    if (!last_id) return no_row();
    for (std::size_t i = 0; i + 1 < page.size(); ++i)
        if (auto taken = take_row(page[i]); !taken) return taken;
    if (page.size() <= wire::kTrailPage) finish(*last_id);
    return {};
}

Result<void> StoreTrail::take_row(const json& row) {
    const auto id = integer_in(row, "id");
    const auto at = integer_in(row, "at");
    const auto linked = row.find("linked");
    auto event = text_in(row, "event");
    auto subject = text_in(row, "subject");
    auto detail = text_in(row, "detail");
    if (!id || !at || linked == row.end() || !linked->is_boolean() || !event || !subject || !detail)
        return no_row();
    if (*id <= newest_) return no_row();  // which would have no end
    look_at_place(*id, linked->get<bool>());
    const TimePoint time{std::chrono::seconds{std::clamp<std::int64_t>(*at, 0, kYear9999)}};
    if (!begins_) begins_ = time;
    latest_ = std::max(latest_, time);
    ++rows_;
    keep({*id, time, std::move(*event), std::move(*subject), std::move(*detail), latest_});
    return {};
}

void StoreTrail::look_at_place(std::int64_t row, bool is_linked) {
    // Behind a gap the hash cannot fit, and the gap says more.
    if (row > newest_ + 1)
        findings_.fault(those(newest_ + 1, row - 1) + " missing: taken out of the trail");
    else if (!is_linked)
        findings_.fault(row_name(row) + " was changed, or put in the place of another");
    newest_ = row;
}

void StoreTrail::keep(StoredEntry entry) {
    // The verifier's own business: the root side compares none of them.
    constexpr std::array<std::string_view, 12> kOwn{"delivery", "denied", "confirming", "changed",
                                                    "vetoed",   "kept",   "pass",       "removed",
                                                    "purged",   "reset",  "told",       "unlock"};
    if (std::find(kOwn.begin(), kOwn.end(), entry.event) != kOwn.end()) return;
    if (entry.event != "granted" && entry.event != "acted" && entry.event != "enrolment")
        return findings_.fault(row_name(entry.row) + " tells of " + shown(entry.event) +
                               ", which latchkey never writes");
    entries_.push_back(std::move(entry));
    if (entries_.size() <= kMostEntries) return;
    entries_.pop_front();
    begins_ = entries_.front().at;
    is_shortened_ = true;
}

void StoreTrail::finish(std::int64_t last_id) {
    is_complete_ = true;
    if (last_id > newest_)
        findings_.fault(those(newest_ + 1, last_id) + " missing at the end: cut off");
    if (last_id < newest_)
        findings_.fault("the store counts fewer rows than it has: its count was set back");
    if (is_shortened_)
        findings_.note("the store's trail is long: its newest " + std::to_string(kMostEntries) +
                       " grants, acts and enrolments were compared");
}

}  // namespace latchkey
