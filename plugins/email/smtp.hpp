// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

#include <latchkey/plugin.hpp>

#include "plugins/email/mail_settings.hpp"

namespace latchkey::email {

// Hands `message` (compose) for one recipient to the server, by libcurl. Never
// falls back to less TLS than the settings say, follows no proxy and no
// environment. Tls::None connects to loopback addresses only, whatever a name
// resolves to. The reply's log text holds reply codes, never the server's words.
[[nodiscard]] plugin::Reply send(const MailSettings& settings, const std::string& to,
                                 const std::string& message, std::chrono::milliseconds time);

// Goes as far as send() does before its message: connection, TLS and login by the same
// rules, then NOOP and QUIT. Accepted: the server would hear us.
[[nodiscard]] plugin::Reply knock(const MailSettings& settings, std::chrono::milliseconds time);

}  // namespace latchkey::email
