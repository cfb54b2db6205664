// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <latchkey/plugin.hpp>

namespace latchkey::sip {

// Where calls go out, and as whom.
struct SipSettings {
    std::string server;     // host name or address, without brackets
    std::string port;       // empty: the usual one, or what DNS says
    std::string transport;  // udp, tcp, tls
    std::string user;       // of the account
    std::string domain;     // of the account; the server's name if it has no other
    std::string from;       // caller's user part, as the called person sees it
    std::string password;
    std::string ca_file;  // tls: who signed the server's certificate
    std::string prefix;   // stands in place of a number's '+'
    std::string voice;
    std::string greeting;
};

// Either the settings, or a sentence that says which option is wrong and why.
struct ReadSettings {
    std::optional<SipSettings> settings;
    std::string refusal;
};
[[nodiscard]] ReadSettings read_settings(const plugin::Host& host);

// "alice@example.org", "alice@::1": how baresip calls the caller.
[[nodiscard]] std::string caller_of(const SipSettings& settings);

// As one line each: what makes baresip an account, and what makes it call. `number` is a
// phone number that was looked at.
[[nodiscard]] std::string account_command(const SipSettings& settings);
[[nodiscard]] std::string dial_command(const SipSettings& settings, std::string_view number);

}  // namespace latchkey::sip
