// SPDX-License-Identifier: MIT
//
// A change of security info by its owner: the password, then a verifier that asks for one of
// the ways there are, then what the root side has to do itself.
#pragma once

#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "core/wire/message.hpp"
#include "monitor/account.hpp"
#include "monitor/change_replies.hpp"
#include "monitor/claimant.hpp"

namespace latchkey {

// Who asks for a change: where they sit, and how they are answered.
struct ChangeAsker {
    Claimant& at;
    ChangeReplies& replies;
};

// Ends with one of the ends of the asker's replies; before it rows may come:
//
//   {"key_base32", "uri"}                       a new key, shown once, before its code is asked
//   {"user", "wish", "destination", "device", "counts_from", "told", "first"}  what was changed
//   {"user", "codes", "counts_from"}            new saved codes, shown once
//
// "counts_from" is ISO 8601, or null where nothing begins or ends.
void serve_owner_change(const ChangeAsker& asker, wire::UserRequest request, const Account& account,
                        const Clock& clock, EventLog& log);

}  // namespace latchkey
