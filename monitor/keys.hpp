// SPDX-License-Identifier: MIT
//
// The master key never leaves the monitor; what leaves is a key of one subject.
#pragma once

#include <chrono>
#include <string>

#include "core/recovery.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace latchkey {

// /etc/latchkey/key: 32 bytes, 0400 root:root in a root-owned directory; made
// with getrandom(2) by `latchkey setup`. Misconfigured: absent, of another
// owner, mode or length, or a link.
Result<Secret> read_master_key(const std::string& path);
// Creates it if it is absent (O_EXCL, synced); keeps an existing one.
Result<void> make_master_key(const std::string& path);

// Everything a verifier may open or compare of this one subject. For a subject
// that is no account the *typed name* is mixed in, so that decoys are stable per name.
[[nodiscard]] Secret subject_key(const Secret& master_key, const SubjectKey& subject,
                                 const std::string& typed_name);
// Derived one way from subject_key (Vault::derive(subkey, "outbox")): opens
// queued messages of the subject and nothing else.
[[nodiscard]] Secret outbox_key(const Secret& subject_key);
// Keys the saved recovery codes of the subject; never given to a verifier.
[[nodiscard]] Secret saved_code_key(const Secret& master_key, const SubjectKey& subject);
// Keys the temporary passes of the subject; never given to a verifier.
[[nodiscard]] Secret temporary_pass_key(const Secret& master_key, const SubjectKey& subject);
// Chains the audit log and hashes the unknown names in it; never given to a verifier.
[[nodiscard]] Secret audit_key(const Secret& master_key);

// Below kMaxReplyJitter, always the same for a name as it was typed, whether or not
// an account has it: a stranger can neither compute it nor average it away.
inline constexpr std::chrono::milliseconds kMaxReplyJitter{50};
[[nodiscard]] std::chrono::microseconds reply_jitter(const Secret& master_key,
                                                     const std::string& typed_name);

}  // namespace latchkey
