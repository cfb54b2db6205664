// SPDX-License-Identifier: MIT
//
// What every address of an account is told when its security info changes.
#pragma once

#include <string>

#include "core/ports/enrolment.hpp"
#include "core/recovery_messages.hpp"

namespace latchkey {

struct ChangeFacts {
    ChangeKind kind = ChangeKind::Frozen;
    Medium medium = Medium::Email;  // of an address
    std::string destination;        // masked; empty if it is no address or device
    TimePoint final_at;
    bool freezes = false;    // of a veto: nothing is changed for a day
    bool is_device = false;  // that is asked, and gets no codes
    // Of a veto that ended nothing, as the same address had ended something lately. Of a removal
    // the administrator decides, and it counts until `final_at`; 1970: it does no more.
    bool ends_nothing = false;
};

// "the e-mail address a...a at e....org", "an authenticator app or token", "recovery codes"
[[nodiscard]] std::string what_changed(const ChangeFacts& change);

// `veto_code` is empty for who has no veto.
[[nodiscard]] MessageText change_message(const MessageFacts& facts, const ChangeFacts& change,
                                         const Secret& veto_code);
// A change was ended by a veto or left to the administrator, or a recovery or a pass was denied.
[[nodiscard]] MessageText veto_message(const MessageFacts& facts, const ChangeFacts& change);
// "That was not me", said by who is signed in, without a code. `keeps`: what goes gains a day, too.
[[nodiscard]] MessageText denied_message(const MessageFacts& facts, bool keeps);
// Where all ways were being replaced, one of them was used.
[[nodiscard]] MessageText kept_message(const MessageFacts& facts);
// The code that shows that a new address reaches the owner.
[[nodiscard]] MessageText confirmation_message(const MessageFacts& facts, const Secret& code,
                                               std::uint32_t minutes);
// What a device shows that is asked whether it is to be asked from now on: no number.
[[nodiscard]] ApprovalText new_device_message(const MessageFacts& facts);

}  // namespace latchkey
