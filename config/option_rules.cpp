// SPDX-License-Identifier: MIT
#include "config/option_rules.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

namespace latchkey {

Result<void> check_rules(const SettingsDraft& draft, const std::string& table,
                         const ChannelSettings& channel, std::span<const OptionRule> rules) {
    const auto refused = [&](const std::string& key, const std::string& what_and_mend) {
        const std::string full = table + '.' + key;
        return refusal(draft.place_of({full, table}), full, what_and_mend);
    };
    for (const auto& [key, value] : channel.options) {
        const std::string name = key;
        const auto rule = std::find_if(rules.begin(), rules.end(),
                                       [&name](const OptionRule& r) { return r.key == name; });
        if (rule == rules.end())
            return refused(key, "is not known to the plugin \"" + channel.plugin +
                                    "\"; remove it, or correct its name");
        if (!rule->is_right(value))
            return refused(key, "is not possible; " + std::string{rule->mend});
    }
    for (const OptionRule& rule : rules)
        if (rule.required && channel.options.count(std::string{rule.key}) == 0)
            return refused(std::string{rule.key}, "is missing; " + std::string{rule.mend});
    return {};
}

Result<void> check_network(const SettingsDraft& draft, const std::string& table,
                           const ChannelSettings& channel, const std::string& who) {
    if (channel.profile == Profile::Network) return {};
    return refusal(draft.place_of({table + ".profile", table}), table + ".profile",
                   "is not \"network\", which " + who + " needs; write profile = \"network\"");
}

bool is_plain_path(const std::string& text) {
    return text.size() > 1 && text.front() == '/' && (text + '/').find("/../") == text.npos;
}

bool is_anything(const std::string& text) {
    return !text.empty();
}

bool is_host(const std::string& text) {
    return !text.empty() && text.size() <= 253 && text.front() != '-' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '.' || c == ':' || c == '[' || c == ']';
           });
}

bool is_port(const std::string& text) {
    if (text.empty() || text.size() > 5 || text.find_first_not_of("0123456789") != text.npos)
        return false;
    const unsigned long port = std::stoul(text);
    return port >= 1 && port <= 65535;
}

bool is_tls(const std::string& text) {
    return text == "none" || text == "starttls" || text == "implicit";
}

bool is_loopback(const std::string& server) {
    if (server == "localhost" || server == "::1" || server == "[::1]") return true;
    in_addr address{};
    if (inet_pton(AF_INET, server.c_str(), &address) != 1) return false;
    return (ntohl(address.s_addr) >> 24) == 127;
}

bool is_gateway(const std::string& text) {
    constexpr std::string_view kHttps = "https://";
    constexpr std::string_view kHttp = "http://";
    const bool is_https = text.starts_with(kHttps);
    if (!is_https && !text.starts_with(kHttp)) return false;
    std::string_view authority = std::string_view{text}.substr((is_https ? kHttps : kHttp).size());
    authority = authority.substr(0, authority.find_first_of("/?"));
    const std::size_t bracket = authority.find(']');
    const std::size_t colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
    const std::string host{authority.substr(0, colon)};
    const std::string_view port =
        colon == authority.npos ? std::string_view{"1"} : authority.substr(colon + 1);
    const bool is_written_right = !host.empty() && !port.empty() && port.size() <= 5 &&
                                  port.find_first_not_of("0123456789") == port.npos &&
                                  text.find_first_of(" #") == text.npos &&
                                  host.find_first_of("@{}") == host.npos;
    return is_written_right && (is_https || is_loopback(host));
}

bool is_bare_gateway(const std::string& text) {
    return is_gateway(text) && text.find('?') == text.npos;
}

Result<void> check_tls(const SettingsDraft& draft, const std::string& table,
                       const ChannelSettings& channel) {
    const std::string tls = table + ".tls";
    if (channel.options.at("tls") != "none" || is_loopback(channel.options.at("server"))) return {};
    return refusal(draft.place_of({tls, table + ".server", table}), tls,
                   "is \"none\", which is possible for a server on this host only; write "
                   "\"starttls\" or \"implicit\"");
}

}  // namespace latchkey
