// SPDX-License-Identifier: MIT
//
// What an account's addresses are told of an administrator's acts. No code is in any of them.
// Service and source of the facts are not used: root has signed in nowhere.
#pragma once

#include <cstdint>
#include <string>

#include "core/recovery_messages.hpp"

namespace latchkey {

// Whose address the message goes to.
enum class Reader : std::uint8_t {
    Owner,
    Contact,  // of a person whom the account's owner trusts
};

// A way was taken away at once: `what` as of what_changed(), or "all recovery codes".
[[nodiscard]] MessageText removal_message(const MessageFacts& facts, const std::string& what,
                                          Reader reader);
// Everything that latchkey kept of the account is gone.
[[nodiscard]] MessageText purge_message(const MessageFacts& facts, Reader reader);
// The administrator asks the owner to set a new password, by an ordinary recovery.
[[nodiscard]] MessageText invitation_message(const MessageFacts& facts);

}  // namespace latchkey
