// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <latchkey/plugin.hpp>

#include "plugins/common/mailbox.hpp"

namespace latchkey::email {

enum class Tls : std::uint8_t { None, StartTls, Implicit };

// What the channel's options say, complete and checked.
struct MailSettings {
    std::string server;  // a name or an IP address, without brackets
    std::uint16_t port = 25;
    Tls tls = Tls::None;
    std::string ca_file;  // the only trust if set; empty: the host's certificates
    std::string user;     // empty: no login
    std::string password;
    mail::Mailbox from;
    std::string hello_name;
    std::string page_template;  // html_page.hpp; empty: mails have no HTML
};

// Either the settings, or a sentence that says which option is wrong and why.
struct ReadSettings {
    std::optional<MailSettings> settings;
    std::string refusal;
};
[[nodiscard]] ReadSettings read_settings(const plugin::Host& host);

}  // namespace latchkey::email
