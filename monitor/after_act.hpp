// SPDX-License-Identifier: MIT
//
// What follows an act that was done: its owner is told at later logins, who was in the account
// already does not stay, and what may have been left behind is named. Nothing of it undoes
// the act; what fails is logged.
#pragma once

#include <chrono>
#include <set>
#include <string>

#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "monitor/login_session.hpp"

namespace latchkey {

struct DoneAct {
    Act act = Act::ChangePassword;
    const std::set<std::string>& proofs;  // of this connection
    // What is left of kLookingAtHome: it was looked at before the act, too.
    std::chrono::milliseconds patience{0};
};

// At most two seconds and `patience`, of which a person commonly waits for none.
void follow_act(const DoneAct& done, const LoginSession& session, const Clock& clock,
                EventLog& log);

}  // namespace latchkey
