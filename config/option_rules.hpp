// SPDX-License-Identifier: MIT
//
// What the keys of one plugin may be, as a table.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/settings_draft.hpp"
#include "core/result.hpp"

namespace latchkey {

struct OptionRule {
    std::string_view key;
    bool (*is_right)(const std::string&);
    std::string_view mend;
    bool required = false;
};

// Refuses a key without a rule, a value that is not right, and a required key that is missing.
[[nodiscard]] Result<void> check_rules(const SettingsDraft& draft, const std::string& table,
                                       const ChannelSettings& channel,
                                       std::span<const OptionRule> rules);

// Refuses a channel without the network; `who` needs it.
[[nodiscard]] Result<void> check_network(const SettingsDraft& draft, const std::string& table,
                                         const ChannelSettings& channel, const std::string& who);

// Refuses tls = "none" for another host's server. Precondition: the keys tls and server are right.
[[nodiscard]] Result<void> check_tls(const SettingsDraft& draft, const std::string& table,
                                     const ChannelSettings& channel);

// True for a host that can only be this one: 127.0.0.0/8, ::1 and "localhost".
[[nodiscard]] bool is_loopback(const std::string& server);

// A name or an address, as it may be written.
[[nodiscard]] bool is_host(const std::string& text);
// From 1 to 65535.
[[nodiscard]] bool is_port(const std::string& text);
// "none", "starttls" or "implicit".
[[nodiscard]] bool is_tls(const std::string& text);
// "https://host..." or, for this host only, "http://host...".
[[nodiscard]] bool is_gateway(const std::string& text);
// The same without a query.
[[nodiscard]] bool is_bare_gateway(const std::string& text);
// An absolute path without "..".
[[nodiscard]] bool is_plain_path(const std::string& text);
// Not empty.
[[nodiscard]] bool is_anything(const std::string& text);

}  // namespace latchkey
