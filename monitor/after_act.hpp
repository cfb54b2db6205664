// SPDX-License-Identifier: MIT
//
// What follows an act that was done: its owner is told at later logins, who was in the account
// already does not stay, and what may have been left behind is named. Nothing of it undoes
// the act; what fails is logged.
#pragma once

#include <set>
#include <string>

#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "monitor/login_session.hpp"

namespace latchkey {

// At most four seconds, of which a person commonly waits for none. `proofs` are those of this
// connection.
void follow_act(Act act, const LoginSession& session, const std::set<std::string>& proofs,
                const Clock& clock, EventLog& log);

}  // namespace latchkey
