// SPDX-License-Identifier: MIT
#include "plugins/email/mail_settings.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "plugins/common/header_value.hpp"
#include "plugins/common/html_page.hpp"

namespace latchkey::email {

namespace {

using plugin::Host;

constexpr std::string_view kDefaultServer = "127.0.0.1";

bool is_ipv6_address(const std::string& text) {
    in6_addr address{};
    // What stands behind a NUL is not looked at by inet_pton, but would stay in the name.
    return text.find('\0') == std::string::npos &&
           ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_loopback(const std::string& server) {
    in_addr address{};
    if (::inet_pton(AF_INET, server.c_str(), &address) == 1)
        return (ntohl(address.s_addr) >> 24) == 127;
    in6_addr address6{};
    if (::inet_pton(AF_INET6, server.c_str(), &address6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&address6) != 0;
    return server == "localhost";
}

std::string text_of(const Host& host, const char* name, std::string_view otherwise) {
    return std::string{host.option(name).value_or(otherwise)};
}

std::uint16_t usual_port(Tls tls) {
    switch (tls) {
        case Tls::StartTls:
            return 587;
        case Tls::Implicit:
            return 465;
        case Tls::None:
            break;
    }
    return 25;
}

// Each reads its options into `settings`; not empty: what is wrong.
std::string read_server(const Host& host, MailSettings& settings) {
    settings.server = text_of(host, "server", kDefaultServer);
    if (settings.server.starts_with('[') && settings.server.ends_with(']'))
        settings.server = settings.server.substr(1, settings.server.size() - 2);
    if (!mail::is_host_name(settings.server) && !is_ipv6_address(settings.server))
        return "option server is neither a host name nor an IP address";
    const bool loopback = is_loopback(settings.server);
    const std::string tls = text_of(host, "tls", loopback ? "none" : "starttls");
    if (tls == "none")
        settings.tls = Tls::None;
    else if (tls == "starttls")
        settings.tls = Tls::StartTls;
    else if (tls == "implicit")
        settings.tls = Tls::Implicit;
    else
        return "option tls must be none, starttls or implicit";
    if (settings.tls == Tls::None && !loopback)
        return "option tls = \"none\" is for 127.0.0.1, ::1 and localhost only; use starttls or "
               "implicit";
    settings.port = usual_port(settings.tls);
    if (const auto port = host.option("port")) {
        const auto [end, failed] =
            std::from_chars(port->data(), port->data() + port->size(), settings.port);
        if (failed != std::errc{} || end != port->data() + port->size() || settings.port == 0)
            return "option port must be a number from 1 to 65535";
    }
    settings.ca_file = text_of(host, "ca_file", "");
    if (!settings.ca_file.empty() && settings.ca_file.front() != '/')
        return "option ca_file must be an absolute path";
    return {};
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
    for (const auto read : {&read_server, &read_login, &read_sender, &read_page})
        if (std::string refusal = read(host, settings); !refusal.empty())
            return {std::nullopt, std::move(refusal)};
    return {std::move(settings), {}};
}

}  // namespace latchkey::email
