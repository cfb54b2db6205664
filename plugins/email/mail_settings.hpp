// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <latchkey/plugin.hpp>

namespace latchkey::email {

enum class Tls : std::uint8_t { None, StartTls, Implicit };

// A sender as people write it: "Example Help Desk <help@example.org>".
struct Mailbox {
    std::string name;     // UTF-8; may be empty
    std::string address;  // passed is_address
};

// What the channel's options say, complete and checked.
struct MailSettings {
    std::string server;  // a name or an IP address, without brackets
    std::uint16_t port = 25;
    Tls tls = Tls::None;
    std::string ca_file;  // the only trust if set; empty: the host's certificates
    std::string user;     // empty: no login
    std::string password;
    Mailbox from;
    std::string hello_name;
};

// Either the settings, or a sentence that says which option is wrong and why.
struct ReadSettings {
    std::optional<MailSettings> settings;
    std::string refusal;
};
[[nodiscard]] ReadSettings read_settings(const plugin::Host& host);

// A plain address of RFC 5321 as SMTP takes it without extensions: dot-atom @
// host name, ASCII, at most 254 bytes. No quotes, comments, literals or lists.
[[nodiscard]] bool is_address(std::string_view text);

// Letters, digits, hyphens and dots, no empty label, at most 253 bytes.
[[nodiscard]] bool is_host_name(std::string_view text);

}  // namespace latchkey::email
