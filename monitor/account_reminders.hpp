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
#include "core/settings.hpp"

namespace latchkey {

// Who says "later" is reminded of nothing for so long.
inline constexpr std::chrono::hours kQuiet{7 * 24};
// A policy that changes is seen by then, and ways that came with an import.
inline constexpr std::chrono::hours kLookAgain{24};
inline constexpr std::chrono::hours kLooking{1};

class AccountReminders {
public:
    // `directory` is the ledger's (/var/lib/latchkey-acts); the file is reminders/UID below it.
    AccountReminders(std::string directory, SubjectKey subject, uid_t uid);

    // Somebody looks: nobody else has to for an hour, also where nothing comes of it.
    Result<void> begin_look(TimePoint now);
    // What they found, unless the ways have changed meanwhile. Nobody has to look for a day.
    Result<void> finish_look(TimePoint begun, std::vector<Reminder> due, Registration registration);
    // Nothing is told for a while; not where registration is required, and missing.
    Result<void> put_off(TimePoint now, Registration registration);
    // The ways have changed: the next sign-in has the root side look anew.
    Result<void> forget();

    [[nodiscard]] Result<Reminders> read() const;
    // Whether registration is required and missing, so that reminders cannot be put off.
    [[nodiscard]] bool must_register(Registration registration) const;

private:
    template <typename Change>
    Result<void> rewrite(Change change);

    std::string directory_;
    SubjectKey subject_;
    std::string file_;
};

}  // namespace latchkey
