// SPDX-License-Identifier: MIT
//
// What an account is reminded of at its sign-ins, in one root-only file per uid beside the
// ledger. The PAM module reads it, so that a sign-in itself asks nobody.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "core/reminder_rows.hpp"
#include "core/result.hpp"

namespace latchkey {

// Who says "later" is reminded of nothing for so long.
inline constexpr std::chrono::hours kQuietAboutReminders{7 * 24};

class AccountReminders {
public:
    // `directory` is the ledger's (/var/lib/latchkey-acts); the file is reminders/UID below it.
    AccountReminders(std::string directory, SubjectKey subject, uid_t uid);

    // What is due is that alone; how long nothing is told stays as it was.
    Result<void> replace(TimePoint look_again, std::vector<Reminder> due);
    // Nothing is told until then.
    Result<void> keep_quiet(TimePoint until);
    // The ways have changed: the next sign-in has the root side look anew.
    Result<void> forget();

    [[nodiscard]] Result<Reminders> read() const;

private:
    template <typename Change>
    Result<void> rewrite(Change change);

    std::string directory_;
    SubjectKey subject_;
    std::string file_;
};

}  // namespace latchkey
