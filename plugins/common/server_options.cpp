// SPDX-License-Identifier: MIT
#include "plugins/common/server_options.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <charconv>

#include "plugins/common/mailbox.hpp"

namespace latchkey::plugin {

namespace {

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

std::uint16_t usual_port(Tls tls, const UsualPorts& ports) {
    if (tls == Tls::None) return ports.none;
    return tls == Tls::StartTls ? ports.starttls : ports.implicit;
}

std::string read_tls(const Host& host, ServerOptions& options) {
    const bool loopback = is_loopback(options.server);
    const std::string tls = text_of(host, "tls", loopback ? "none" : "starttls");
    if (tls == "none")
        options.tls = Tls::None;
    else if (tls == "starttls")
        options.tls = Tls::StartTls;
    else if (tls == "implicit")
        options.tls = Tls::Implicit;
    else
        return "option tls must be none, starttls or implicit";
    if (options.tls == Tls::None && !loopback)
        return "option tls = \"none\" is for 127.0.0.1, ::1 and localhost only; use starttls or "
               "implicit";
    return {};
}

std::string read_port(const Host& host, const UsualPorts& ports, ServerOptions& options) {
    options.port = usual_port(options.tls, ports);
    const auto port = host.option("port");
    if (!port) return {};
    const auto [end, failed] =
        std::from_chars(port->data(), port->data() + port->size(), options.port);
    if (failed != std::errc{} || end != port->data() + port->size() || options.port == 0)
        return "option port must be a number from 1 to 65535";
    return {};
}

}  // namespace

std::string text_of(const Host& host, const char* name, std::string_view otherwise) {
    return std::string{host.option(name).value_or(otherwise)};
}

std::string read_server(const Host& host, std::string_view usual_server, const UsualPorts& ports,
                        ServerOptions& options) {
    options.server = text_of(host, "server", usual_server);
    if (options.server.starts_with('[') && options.server.ends_with(']'))
        options.server = options.server.substr(1, options.server.size() - 2);
    if (!mail::is_host_name(options.server) && !is_ipv6_address(options.server))
        return "option server is neither a host name nor an IP address";
    if (std::string wrong = read_tls(host, options); !wrong.empty()) return wrong;
    if (std::string wrong = read_port(host, ports, options); !wrong.empty()) return wrong;
    options.ca_file = text_of(host, "ca_file", "");
    if (!options.ca_file.empty() && options.ca_file.front() != '/')
        return "option ca_file must be an absolute path";
    return {};
}

}  // namespace latchkey::plugin
