// SPDX-License-Identifier: MIT
//
// The newest step that an account's authenticator has proven something with, an app's time
// step or how far a token's counter is, in one root-only file per uid beside the ledger. The
// store keeps it too, but whoever can write the store can set it back and play an OTP again.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string>

#include "core/recovery.hpp"
#include "core/result.hpp"

namespace latchkey {

class UsedSteps {
public:
    // `directory` is the ledger's (/var/lib/latchkey-acts); the file is steps/UID below it.
    UsedSteps(std::string directory, SubjectKey subject, uid_t uid);

    // Fresh once for each step, and only if it is larger than every step spent before, and
    // not further ahead than an app's clock can be, or than a token is searched for: whoever
    // spent one of next year would shut the app out till then. It is kept, durably, before
    // this returns Fresh; if that fails it is an error. Corrupt: the file breaks its own
    // format.
    Result<StepResult> spend(std::uint64_t step, TimePoint now);

    // A new app or token begins from nothing.
    Result<void> begin(OtpKind kind);

private:
    std::string directory_;
    SubjectKey subject_;
    std::string file_;
};

// A new app, or a new token whose counter is `from`.
struct NewSteps {
    SubjectKey subject;
    uid_t uid = 0;
    OtpKind kind = OtpKind::Time;
    std::uint64_t from = 0;
    // The key was there already: what it has spent stays. Only what an app has spent is no
    // token's, nor a token's an app's: such a file is of the key before it.
    bool is_known = false;
};
// Many of them begin, synced together.
Result<void> begin_used_steps(const std::string& directory, std::span<const NewSteps> all);

}  // namespace latchkey
