// SPDX-License-Identifier: MIT
//
// Carries questions from the monitor to the claimant and answers back, until
// the monitor says how the recovery ended. Decides nothing.
#pragma once

#include <string>

#include "core/recovery.hpp"
#include "core/secret.hpp"
#include "core/wire/message.hpp"
#include "pam_module/handle.hpp"

namespace latchkey::pam {

struct Recovery {
    Outcome outcome = Outcome::Refused;
    Secret password;   // the new one, only with Recovered; may be empty
    std::string text;  // for the claimant; may be empty
};

// Starts `monitor`, introduces the login with `hello`, relays. Whatever fails is
// a refusal; what failed goes to the system log.
[[nodiscard]] Recovery run_recovery(const Handle& handle, const std::string& monitor,
                                    const wire::LoginHello& hello);

// Likewise for what a session begins with; returns what is left to say.
[[nodiscard]] std::string run_sign_in(const Handle& handle, const std::string& monitor,
                                      const wire::SignInHello& hello);

// Starts `monitor` and introduces the sign-in with `hello`, and does not wait for it.
void send_off(const Handle& handle, const std::string& monitor, const wire::SignInHello& hello);

}  // namespace latchkey::pam
