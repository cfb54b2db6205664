// SPDX-License-Identifier: MIT
//
// The lines of the ledger and what they say about each act. Pure.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/recovery.hpp"
#include "core/result.hpp"
#include "core/settings.hpp"

namespace latchkey {

enum class ActState : std::uint8_t { Due, Acting, Done, NotDone };

struct LedgerRow {
    std::uint64_t id = 0;
    TimePoint at{};
    uid_t uid = 0;
    SubjectKey subject;
    Act act = Act::ChangePassword;
    ActState state = ActState::Due;
    std::string row_before;  // digest of the shadow row when the act fell due
};

// "ID<TAB>SECONDS<TAB>UID<TAB>SUBJECT<TAB>ACT<TAB>STATE<TAB>DIGEST<LF>"; in SUBJECT and
// DIGEST every byte that is not printable ASCII, and '%', is written as %HH.
[[nodiscard]] std::string line_of(const LedgerRow& row);

// One act, as its lines tell it.
struct LedgerAct {
    LedgerRow last;
    TimePoint begun{};
    bool held = false;  // the process that began it lives; not in the file
};
using LedgerActs = std::map<std::uint64_t, LedgerAct>;

// The acts of a whole ledger, which ends with a line feed or is empty. Corrupt:
// a line that is none, or one that cannot follow those before it.
Result<LedgerActs> parse_ledger(std::string_view text);

// The lines that are younger than 8 days or belong to the newest act.
[[nodiscard]] LedgerActs without_old_acts(const LedgerActs& acts, TimePoint now);
[[nodiscard]] std::string lines_of(const LedgerActs& acts);

// Whether the limits allow one more act of that kind. An act that may have been
// done counts as done: one at "acting", and one due whose process lives.
// Rejected: a limit is reached.
Result<void> allow_act(const LedgerActs& acts, uid_t uid, Act act, const ActLimits& limits,
                       TimePoint now);

}  // namespace latchkey
