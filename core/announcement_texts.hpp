// SPDX-License-Identifier: MIT
//
// What an account is told at its logins of a recovery: one line each, which
// can_be_announced() whatever a login program reported.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/recovery_messages.hpp"

namespace latchkey {

// "2026-11-24 03:41 UTC: a new password was set by recovery at the console tty1 (proven by
// e-mail, recovery code). Not you? Ask the administrator of tower." `proofs` are possessions
// (Method::possession); of them the kinds alone are told.
[[nodiscard]] std::string act_announcement(Act act, const MessageFacts& facts,
                                           const std::set<std::string>& proofs);

// "2026-11-24 03:41 UTC: changed in the 24 hours before: authorized_keys, crontab. If that
// was not you, it may let somebody in."
[[nodiscard]] std::string changes_announcement(TimePoint at, const std::vector<std::string>& what);

// For the other administrators, when an account that can become root was recovered: "2026-11-24
// 03:41 UTC: a new password was set by recovery for boss, who can become root, at the console
// tty1. Not as you know it? Ask them."
[[nodiscard]] std::string administrators_announcement(Act act, const MessageFacts& facts);

// "2026-11-24 03:41 UTC: the administrator took away a way back into this account: email. ..."
// Of a method's name as it may be configured, or "codes".
[[nodiscard]] std::string removal_announcement(TimePoint at, const std::string& method);
// The same of all of them.
[[nodiscard]] std::string purge_announcement(TimePoint at);
// A lockout that somebody else cleared: "root", or a helper of the help desk.
[[nodiscard]] std::string unlock_announcement(TimePoint at, const std::string& by);

// Without a time, so that it is one line however often it is said: nobody can push others out.
inline constexpr const char* kFirstWayAnnouncement =
    "Lately a first way back into this account was set up. Not you? Change your password, and ask "
    "the administrator.";
inline constexpr const char* kUntoldChangeAnnouncement =
    "Lately the ways back into this account were changed, and no address could be told. Not you? "
    "Type latchkey deny, change your password, and ask the administrator.";
inline constexpr const char* kUntoldDenialAnnouncement =
    "Lately recoveries of this account were ended by somebody who was signed in to it, and no "
    "address could be told. Not you? Change your password, and ask the administrator.";
inline constexpr const char* kForgottenAnnouncement =
    "Lately all ways back into this account were taken away. Not you? End that with the code of a "
    "message, and change your password.";

}  // namespace latchkey
