// SPDX-License-Identifier: MIT
#include "channel_host/connect_ports.hpp"

#include <charconv>
#include <iterator>
#include <optional>
#include <string_view>

namespace latchkey {

namespace {

constexpr std::uint16_t kHttp = 80;
constexpr std::uint16_t kHttps = 443;
// SMTP, submission with implicit TLS and STARTTLS, HTTPS.
constexpr std::uint16_t kUsualPorts[] = {25, 465, 587, kHttps};

std::string_view option_of(const wire::ChannelSetup& setup, std::string_view name) {
    for (const auto& [key, value] : setup.options)
        if (key == name) return value;
    return {};
}

std::optional<std::uint16_t> port_in(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failed != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

// Of "scheme://host:port/...". A host in brackets has colons of its own.
std::optional<std::uint16_t> port_of_url(std::string_view url) {
    constexpr std::string_view kSlashes = "://";
    const std::size_t colon = url.find(kSlashes);
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view scheme = url.substr(0, colon);
    url.remove_prefix(colon + kSlashes.size());
    const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
    const std::size_t bracket = authority.rfind(']');
    const std::size_t at = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (at != std::string_view::npos) return port_in(authority.substr(at + 1));
    if (scheme == "https") return kHttps;
    return scheme == "http" ? std::optional{kHttp} : std::nullopt;
}

}  // namespace

std::vector<std::uint16_t> connect_ports(const wire::ChannelSetup& setup) {
    if (const auto port = port_in(option_of(setup, "port"))) return {*port};
    if (const auto port = port_of_url(option_of(setup, "url"))) return {*port};
    return {std::begin(kUsualPorts), std::end(kUsualPorts)};
}

}  // namespace latchkey
