// SPDX-License-Identifier: MIT
//
// Between the module, or another program that reaches a person, and the monitor.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "core/recovery.hpp"
#include "core/secret.hpp"
#include "core/wire/message_type.hpp"
#include "core/wire/packet.hpp"

namespace latchkey::wire {

struct LoginHello {
    static constexpr Type kType = Type::LoginHello;
    std::uint32_t version = kVersion;
    std::string user;     // PAM_USER as it was typed
    std::string service;  // PAM_SERVICE
    std::string rhost;    // PAM_RHOST, empty at a console
    std::string tty;      // PAM_TTY
    Reason reason = Reason::ForgotPassword;
    std::string resume_code;   // not empty: resume, `reason` does not count
    std::string faillock_dir;  // PAM argument faillock_dir=, empty for faillock.conf's
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.version, s.user, s.service, s.rhost, s.tty, s.reason, s.resume_code,
                        s.faillock_dir);
    }
};

struct Answer {
    static constexpr Type kType = Type::Answer;
    Secret text;  // at most 512 bytes (PAM_MAX_RESP_SIZE)
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.text);
    }
};

// The claimant is gone, or the conversation function refused.
struct Left {
    static constexpr Type kType = Type::Left;
    template <class S>
    static auto fields(S&) {
        return std::tie();
    }
};

struct Ask {  // visible
    static constexpr Type kType = Type::Ask;
    std::string text;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.text);
    }
};

struct AskHidden {  // only while the nested password transaction runs
    static constexpr Type kType = Type::AskHidden;
    std::string text;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.text);
    }
};

struct LoginFinish {
    static constexpr Type kType = Type::LoginFinish;
    Outcome outcome = Outcome::Refused;
    Secret password;   // empty: the host asks once more
    std::string text;  // what the claimant should still read; may be empty
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.outcome, s.password, s.text);
    }
};

enum class SignInWish : std::uint8_t {
    Look,      // what the account is to be reminded of; nobody waits for it
    Later,     // nothing of it for a while
    Register,  // set up an address
    Confirm,   // the addresses still reach their owner
};

// First message of a session that begins, behind a sign-in that has succeeded. Register and
// Confirm talk as a recovery does; LoginFinish says how it ended, in its text alone.
struct SignInHello {
    static constexpr Type kType = Type::SignInHello;
    std::uint32_t version = kVersion;
    std::string user;     // PAM_USER
    std::string service;  // PAM_SERVICE
    std::string tty;      // PAM_TTY
    SignInWish wish = SignInWish::Look;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.version, s.user, s.service, s.tty, s.wish);
    }
};

template <>
struct EnumLast<SignInWish> {
    static constexpr SignInWish value = SignInWish::Confirm;
};

template <>
struct EnumLast<Reason> {
    static constexpr Reason value = Reason::ChangeSecurityInfo;
};

template <>
struct EnumLast<Outcome> {
    static constexpr Outcome value = Outcome::Proven;
};

}  // namespace latchkey::wire
