// SPDX-License-Identifier: MIT
//
// Behind a sign-in that has succeeded: what the account's owner is reminded of, and what
// they may set up there. Nothing of it can refuse a sign-in.
#pragma once

#include "adapters/system/seqpacket.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "core/wire/message.hpp"

namespace latchkey {

// Ends with a LoginFinish whose text is for the person. A change asks for the password as
// latchkey(1) does: that root's login program says who signed in is not enough.
void serve_sign_in(Seqpacket module, const wire::SignInHello& hello, const Clock& clock,
                   EventLog& log);

}  // namespace latchkey
