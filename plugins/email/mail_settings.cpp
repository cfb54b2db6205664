// SPDX-License-Identifier: MIT
#include "plugins/email/mail_settings.hpp"

#include "plugins/common/header_value.hpp"
#include "plugins/common/html_page.hpp"

namespace latchkey::email {

namespace {

using plugin::Host;
using plugin::text_of;

constexpr std::string_view kDefaultServer = "127.0.0.1";
constexpr plugin::UsualPorts kUsualPorts{25, 587, 465};

// Each reads its options into `settings`; not empty: what is wrong.
std::string read_place(const Host& host, MailSettings& settings) {
    return plugin::read_server(host, kDefaultServer, kUsualPorts, settings);
}

std::string read_login(const Host& host, MailSettings& settings) {
    settings.user = text_of(host, "user", "");
    settings.password = host.secret();
    if (!settings.user.empty() && settings.tls == Tls::None)
        return "option user needs tls = \"starttls\" or \"implicit\"; a password never travels "
               "in the clear";
    if (!settings.user.empty() && settings.password.empty())
        return "option user is set, but the channel has no secret_file with the password";
    if (!plugin::is_header_value(settings.user) || !plugin::is_header_value(settings.password))
        return "option user or the password holds a control character";
    return {};
}

std::string read_sender(const Host& host, MailSettings& settings) {
    settings.hello_name = text_of(host, "hello_name", mail::this_host());
    if (!mail::is_host_name(settings.hello_name)) return "option hello_name is no host name";
    const auto from = mail::mailbox_of(text_of(host, "from", "latchkey@" + settings.hello_name));
    if (!from)
        return "option from is no address such as help@example.org or Help <help@example.org>";
    settings.from = *from;
    return {};
}

std::string read_page(const Host& host, MailSettings& settings) {
    mail::PageTemplate page = mail::read_page_template(host);
    settings.page_template = std::move(page.html);
    return std::move(page.refusal);
}

}  // namespace

ReadSettings read_settings(const Host& host) {
    MailSettings settings;
    for (const auto read : {&read_place, &read_login, &read_sender, &read_page})
        if (std::string refusal = read(host, settings); !refusal.empty())
            return {std::nullopt, std::move(refusal)};
    return {std::move(settings), {}};
}

}  // namespace latchkey::email
