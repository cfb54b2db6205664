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
#include "core/secret.hpp"

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
    // The store says that it had the key already: then what it has spent stays. Looked at only
    // where the file does not name its key.
    bool is_known = false;
    // Names the key to this side alone; printable, without a space. Kept in the file.
    std::string key_tag{};
};
// A NewSteps::key_tag: the same for the same key of the same account. `tag_key`: one of the
// account's that no verifier has.
[[nodiscard]] std::string key_tag(const Secret& tag_key, const Secret& key);
// Many of them begin, synced together.
Result<void> begin_used_steps(const std::string& directory, std::span<const NewSteps> all);

}  // namespace latchkey
