// SPDX-License-Identifier: MIT
//
// What an account's addresses are told of an administrator's acts, and administrators of an
// account. No code is in any of them. Service and source of the facts are used only in what
// administrators are told of a recovery: root has signed in nowhere.
#pragma once

#include <cstdint>
#include <string>

#include "core/change_messages.hpp"
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
// A way was added, which counts from now on: `what` as above, and nothing of it to a contact.
[[nodiscard]] MessageText addition_message(const MessageFacts& facts, const std::string& what,
                                           Reader reader);
// The administrator asks the owner to set a new password, by an ordinary recovery.
[[nodiscard]] MessageText invitation_message(const MessageFacts& facts);

// To administrators: an account that can become root is being recovered.
[[nodiscard]] MessageText administrator_recovery_message(const MessageFacts& facts);
// To administrators: an address that has denied something within 30 days now denies `removal`
// of `method`, which goes at `gone_from` unless somebody decides otherwise.
[[nodiscard]] MessageText undecided_removal_message(const MessageFacts& facts,
                                                    const ChangeFacts& removal,
                                                    const std::string& method, TimePoint gone_from);

}  // namespace latchkey
