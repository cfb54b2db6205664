// SPDX-License-Identifier: MIT
//
// The monitor's answer to Status, out of JSON into types. Fields that a newer
// monitor adds are passed over; a field of a wrong type makes the row corrupt.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/monitor_call.hpp"
#include "core/result.hpp"

namespace latchkey::cli {

struct MethodStatus {
    std::string method;
    std::string destination;  // masked
    std::string possession;
    std::string usable_from;    // ISO 8601, UTC
    std::string gone_from;      // likewise, if it was removed and counts until then; else empty
    bool gets_nothing = false;  // can become root, and all its channels run programs
    bool expired = false;       // nobody has confirmed it for too long
};

// What the owner may set up on this host, and what has to be at hand (monitor/methods_here.hpp).
struct MethodHere {
    std::string method;
    std::string needs;
};

// The newest recovery or unlock with latchkey that the root side's audit log knows.
struct LastUse {
    std::string at;  // ISO 8601, UTC; empty: never
    std::string service;
    std::string outcome;  // "recovered" or "unlocked"
    std::string error;    // why it is not known; empty: it is
};

struct AccountStatus {
    std::string user;
    std::uint32_t uid = 0;
    bool is_eligible = false;
    std::string why_not;
    bool is_privileged = false;
    std::vector<MethodStatus> methods;
    std::uint32_t saved_codes_left = 0;
    std::string saved_codes_from;   // when those count that wait; empty: none do
    std::string saved_codes_until;  // when there will be none; empty: they stay
    std::uint32_t passes_alive = 0;
    std::string passes_until;  // ISO 8601, UTC: when the last of them ends; empty: there is none
    std::string passes_error;  // why that is not known; empty: it is
    std::string error;         // why the methods are not known; empty: they are
    std::string locked;        // "no", "yes" or "held"
    std::uint32_t ways = 0;
    std::uint32_t needed_at_console = 0;  // proofs, where fewest are asked for
    bool is_short_of_ways = false;
    std::uint32_t needed = 0;            // proofs, where most are asked for
    std::vector<std::string> proofs;     // the methods of those that count now; "saved" for codes
    std::vector<std::string> can_add;    // methods, each of which would be one proof more
    std::vector<MethodHere> can_set_up;  // said to the owner alone
    LastUse last_use;
};

struct ChannelTrouble {
    std::string channel;
    std::string failing_since;  // ISO 8601, UTC
};

struct HostStatus {
    std::string outbox_oldest_due;                    // ISO 8601, UTC; empty: nothing waits
    std::string store = "ok";                         // or what is wrong with it
    std::vector<ChannelTrouble> channels_in_trouble;  // of those that are probed
};

struct StatusAnswer {
    HostStatus host;
    std::vector<AccountStatus> accounts;
};

// Corrupt: a row is no such object.
[[nodiscard]] Result<StatusAnswer> parse_status(const std::vector<Secret>& rows);

}  // namespace latchkey::cli
