// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <latchkey/plugin.hpp>

#include "plugins/common/mailbox.hpp"
#include "plugins/common/server_options.hpp"

namespace latchkey::email {

using plugin::Tls;

// What the channel's options say, complete and checked.
struct MailSettings : plugin::ServerOptions {
    std::string user;  // empty: no login
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
