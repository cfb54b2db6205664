// SPDX-License-Identifier: MIT
//
// The one table from how a login went to what PAM is told. Read it as policy:
// there is no PAM_SUCCESS in it, and nothing else in this folder returns a code.
#pragma once

#include <security/pam_modules.h>

#include <cstdint>

namespace latchkey::pam {

enum class LoginOutcome : std::uint8_t {
    Refused,          // recovery was asked for and not completed, for whatever reason
    NothingToDo,      // not root, service not served, switched off, AUTHTOK already set
    PasswordTyped,    // an ordinary login: AUTHTOK is what was typed
    PasswordChanged,  // AUTHTOK is the written password, or unset: then the host asks once more
    LockoutCleared,   // AUTHTOK is what was typed afterwards
};

constexpr int exit_code(LoginOutcome outcome) {
    switch (outcome) {
        case LoginOutcome::NothingToDo:
        case LoginOutcome::PasswordTyped:
        case LoginOutcome::PasswordChanged:
        case LoginOutcome::LockoutCleared:
            return PAM_IGNORE;
        case LoginOutcome::Refused:
            return PAM_AUTH_ERR;
    }
    return PAM_AUTH_ERR;
}

}  // namespace latchkey::pam
