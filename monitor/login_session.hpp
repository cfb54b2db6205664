// SPDX-License-Identifier: MIT
//
// Who is at the prompt and what this host says about them: everything about a
// login that is settled before the verifier is started, and never again.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "core/settings.hpp"
#include "core/wire/message.hpp"
#include "monitor/account.hpp"
#include "monitor/reply_grid.hpp"

namespace latchkey {

struct LoginSession {
    wire::LoginHello hello;
    Settings settings;
    Secret master_key;
    std::string host_name;
    Surface surface = Surface::Remote;
    std::string source;              // "192.0.2.7", "2001:db8::/64", "console:tty1", "unknown"
    std::optional<Account> account;  // nothing: a name that is no local account
    bool eligible = false;
    std::string why_not;  // of an account that is not eligible, for the audit log
    bool privileged = true;
    SubjectKey subject;
    // Began when the claimant answered, so that what the look-ups take tells nothing.
    ReplyGrid grid{{}, {}, {}};

    // How many gates the surface and the account ask for.
    [[nodiscard]] std::uint32_t gates_needed() const;
};

// Misconfigured: settings or key are refused; then recovery is off.
// `answered_at`: when the person answered the reason question, which starts the reply grid.
Result<LoginSession> begin_session(wire::LoginHello hello,
                                   std::chrono::steady_clock::time_point answered_at,
                                   TimePoint now);

[[nodiscard]] Surface surface_of(const wire::LoginHello& hello);
// PAM_RHOST is a hint: only a numeric address is a source of its own, an IPv6
// address by its /64; any name is "unknown".
[[nodiscard]] std::string source_of(const wire::LoginHello& hello);

// Whether the account may still be acted on: there, eligible, and its rows as they were.
[[nodiscard]] bool still_eligible(const LoginSession& session, TimePoint now);

}  // namespace latchkey
