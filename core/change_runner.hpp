// SPDX-License-Identifier: MIT
//
// One change of the ways of an account, by its owner, whose password the root side has
// checked: proves one way there is, confirms what is new, and has it wait.
#pragma once

#include <cstdint>
#include <string>

#include "core/change_wish.hpp"
#include "core/ports/authenticator_maker.hpp"
#include "core/recovery_runner.hpp"

namespace latchkey {

struct ChangeRequest {
    ChangeWish wish = ChangeWish::Deny;
    std::string method;   // of the configuration; empty for NewSavedCodes, Deny and Forget
    std::string address;  // as it will be stored; of Remove empty where there is one alone
    Secret veto_code;     // of Deny, as it was typed; may be empty
    bool privileged = false;
    Secret key{};  // of EnrolAuthenticator: raw, of an app that has it; empty: a fresh one is made
};

struct ChangeEnd {
    bool done = false;
    std::string why;               // what, why and what to do; empty if it is done
    std::string destination;       // masked; may be empty
    TimePoint counts_from;         // a new way from then on, a removed one until then
    std::uint32_t told = 0;        // messages that say so
    bool is_new = false;           // false: an address was confirmed anew
    bool is_first = false;         // nothing was enrolled before
    bool postpones_codes = false;  // those that wait do so for a day longer
    bool ends_codes = false;       // the saved codes that wait are to be dropped
    VetoEnd veto = VetoEnd::None;  // of a veto code
};

// What `request` says is of the account whose owner has signed in; `request.reason` is
// ChangeSecurityInfo. Every failure of a port ends it, with nothing changed.
[[nodiscard]] ChangeEnd run_change(const ChangeRequest& change, const RecoveryRequest& request,
                                   const Settings& settings, RecoveryPorts ports,
                                   AuthenticatorMaker& maker);

}  // namespace latchkey
