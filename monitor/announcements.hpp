// SPDX-License-Identifier: MIT
//
// What an account is told at each of its logins for a while, in one root-only file per uid
// beside the ledger. The PAM module shows it in the session stage; nothing that the account
// or a verifier can write takes it away.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "core/announcement_rows.hpp"
#include "core/result.hpp"

namespace latchkey {

// How long an event is told: who is away for weeks learns of it all the same.
inline constexpr std::chrono::hours kAnnounced{30 * 24};

class AccountAnnouncements {
public:
    // `directory` is the ledger's (/var/lib/latchkey-acts); the file is announcements/UID
    // below it. A file of another account that had the uid is begun anew.
    AccountAnnouncements(std::string directory, SubjectKey subject, uid_t uid);

    // Tells `text` from now on, durably, and forgets what is no longer told; of more than
    // kMostAnnouncements the newest are kept. The same text again is one entry, told as the
    // newest until `until`. Rejected: not one line of at most kLongestAnnouncement printable
    // ASCII bytes.
    Result<void> announce(TimePoint now, TimePoint until, std::string text);

    // No longer tells `text`. That it is not told is no error.
    Result<void> withdraw(TimePoint now, const std::string& text);

private:
    template <typename Change>
    Result<void> rewrite(TimePoint now, Change change);

    std::string directory_;
    SubjectKey subject_;
    std::string file_;
};

}  // namespace latchkey
