// SPDX-License-Identifier: MIT
//
// What latchkey keeps about an account, in full, for its owner (`latchkey export`).
#pragma once

#include "monitor/account.hpp"
#include "monitor/claimant.hpp"
#include "monitor/root_side.hpp"

namespace latchkey {

// Asks for the password; whoever sits in a session that was left open is not shown the addresses.
// Ends with an AdminReply, marked `last`; before it come rows:
//
//   {"part": "account", ...}  account_report() without its methods
//   {"part": "way", "method", "address", "possession", "confirmed_at", "usable_from", "gone_from"}
//   {"part": "change", "kind", "method", "at", "final_at", "ended_at"}
//   {"part": "record", "at", "event", "detail"}  of the store's audit trail
//
// Keys and hashes of codes are proofs, and in no row.
void serve_own_data(Claimant& claimant, const Account& account, const RootSide& on);

}  // namespace latchkey
