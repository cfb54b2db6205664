// SPDX-License-Identifier: MIT
#include "monitor/ledger_rows.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <optional>

#include "monitor/row_text.hpp"

namespace latchkey {

namespace {

using namespace std::chrono_literals;

constexpr auto kKeptFor = std::chrono::hours{8 * 24};
// No clock says more (9999-12-31), and reckoning with it cannot overflow.
constexpr std::int64_t kLatestSecond = 253'402'300'799;
constexpr std::array<std::string_view, 2> kActs{"change_password", "clear_lockout"};
constexpr std::array<std::string_view, 4> kStates{"due", "acting", "done", "not done"};

template <typename Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

std::optional<LedgerRow> row_in(std::string_view line) {
    const auto fields = split(line, '\t');
    if (fields.size() != 7) return std::nullopt;
    const auto id = number_in<std::uint64_t>(fields[0]);
    const auto seconds = number_in<std::int64_t>(fields[1]);
    const auto uid = number_in<uid_t>(fields[2]);
    const auto subject = decoded(fields[3]);
    const auto act = named<Act>(kActs, fields[4]);
    const auto state = named<ActState>(kStates, fields[5]);
    const auto digest = decoded(fields[6]);
    if (!id || *id == 0 || !seconds || !uid || !subject || !act || !state || !digest)
        return std::nullopt;
    if (*seconds < 0 || *seconds > kLatestSecond) return std::nullopt;
    return LedgerRow{
        *id, TimePoint{std::chrono::seconds{*seconds}}, *uid, *subject, *act, *state, *digest};
}

bool is_final(ActState state) {
    return state == ActState::Done || state == ActState::NotDone;
}

// due -> acting -> done | not done; acting may be said again (a password that
// was refused is asked for once more), and a due act may end without acting.
bool may_follow(const LedgerRow& before, const LedgerRow& row) {
    return before.uid == row.uid && before.subject == row.subject && before.act == row.act &&
           before.row_before == row.row_before && row.state != ActState::Due &&
           !is_final(before.state);
}

// Times ahead of a clock that was set back count as recent.
bool within(TimePoint at, std::chrono::seconds span, TimePoint now) {
    return now - at < span;
}

bool may_be_done(const LedgerAct& act) {
    switch (act.last.state) {
        case ActState::Due:
            return act.held;
        case ActState::Acting:
        case ActState::Done:
            return true;
        case ActState::NotDone:
            return false;
    }
    return true;
}

}  // namespace

std::string line_of(const LedgerRow& row) {
    std::string line = std::to_string(row.id);
    line += '\t' + std::to_string(row.at.time_since_epoch().count());
    line += '\t' + std::to_string(row.uid);
    line += '\t' + encoded(row.subject);
    line += '\t';
    line += kActs.at(static_cast<std::size_t>(row.act));
    line += '\t';
    line += kStates.at(static_cast<std::size_t>(row.state));
    line += '\t' + encoded(row.row_before) + '\n';
    return line;
}

Result<LedgerActs> parse_ledger(std::string_view text) {
    LedgerActs acts;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const Error corrupt{ErrorKind::Corrupt, "ledger, line " + std::to_string(number)};
        const std::size_t end = text.find('\n');
        if (end == text.npos) return corrupt;
        auto row = row_in(text.substr(0, end));
        text.remove_prefix(end + 1);
        if (!row) return corrupt;
        const auto known = acts.find(row->id);
        if (known != acts.end()) {
            if (!may_follow(known->second.last, *row)) return corrupt;
            known->second.last = std::move(*row);
        } else {
            if (row->state != ActState::Due) return corrupt;
            acts.emplace(row->id, LedgerAct{*row, row->at});
        }
    }
    return acts;
}

LedgerActs without_old_acts(const LedgerActs& acts, TimePoint now) {
    LedgerActs kept;
    for (const auto& [id, act] : acts)
        if (within(act.last.at, kKeptFor, now) || id == acts.rbegin()->first) kept.emplace(id, act);
    return kept;
}

std::string lines_of(const LedgerActs& acts) {
    std::string text;
    for (const auto& [id, act] : acts) {
        LedgerRow due = act.last;
        due.at = act.begun;
        due.state = ActState::Due;
        text += line_of(due);
        if (act.last.state != ActState::Due) text += line_of(act.last);
    }
    return text;
}

Result<void> allow_act(const LedgerActs& acts, uid_t uid, Act act, const ActLimits& limits,
                       TimePoint now) {
    std::uint32_t on_host = 0;
    std::uint32_t begun = 0;
    std::uint32_t done = 0;
    for (const auto& [id, one] : acts) {
        if (within(one.begun, 1h, now)) ++on_host;
        if (one.last.uid != uid) continue;
        if (within(one.begun, 24h, now)) ++begun;
        if (one.last.act == act && may_be_done(one) && within(one.last.at, 24h, now)) ++done;
    }
    const bool reset = act == Act::ChangePassword;
    if (on_host >= limits.host_per_hour)
        return Error{ErrorKind::Rejected, "limit of acts per host and hour"};
    if (begun >= limits.begun_per_day)
        return Error{ErrorKind::Rejected, "limit of begun acts per account and day"};
    if (done >= (reset ? limits.resets_per_day : limits.unlocks_per_day))
        return Error{ErrorKind::Rejected, reset ? "limit of password changes per account and day"
                                                : "limit of unlocks per account and day"};
    return {};
}

}  // namespace latchkey
