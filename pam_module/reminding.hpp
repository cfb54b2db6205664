// SPDX-License-Identifier: MIT
//
// What a sign-in reminds its account of (monitor/account_reminders.hpp), and where it asks
// instead of telling.
#pragma once

#include <optional>
#include <string>

#include "core/reminder_rows.hpp"
#include "pam_module/arguments.hpp"
#include "pam_module/handle.hpp"

namespace latchkey::pam {

struct SignedIn {
    std::string user;
    std::optional<Reminders> reminders;  // nothing: the root side has not looked at the account
};

// Tells what is due, or asks where somebody has just typed a password at a console. Has the root
// side look anew if it is time, and does not wait for what it finds.
void remind(const Handle& handle, const Arguments& arguments, const SignedIn& signed_in,
            TimePoint now);

}  // namespace latchkey::pam
