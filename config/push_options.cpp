// SPDX-License-Identifier: MIT
#include "config/push_options.hpp"

#include <array>
#include <span>
#include <string_view>

#include "config/option_rules.hpp"
#include "core/answers.hpp"

namespace latchkey {

namespace {

constexpr std::string_view kPathMend = "write an absolute path without \"..\"";
constexpr std::string_view kTokenSigns =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

bool is_token(const std::string& text) {
    return !text.empty() && text.find_first_not_of(kTokenSigns) == text.npos;
}

bool is_topic(const std::string& text) {
    constexpr std::size_t kShortest = 16;
    constexpr std::size_t kLongest = 64;
    return is_token(text) && text.size() >= kShortest && text.size() <= kLongest;
}

// A mail address without what RFC 7622 forbids in a JID.
bool is_jid(const std::string& text) {
    const auto at = text.rfind('@');
    const bool has_host_alone = at != text.npos && text.find('.', at) == text.npos;
    const std::string address = has_host_alone ? text + ".example" : text;
    return checked_email_address(address).has_value() &&
           text.find_first_of("\"&'/:<>") == text.npos;
}

constexpr std::array kNtfyRules{
    OptionRule{"url", is_bare_gateway,
               "write an https address without '?'; http is possible for a server on this host "
               "only",
               true},
    OptionRule{"reply_topic", is_topic,
               "write 16 to 64 letters, digits, '_' and '-' that nobody can guess", true},
    OptionRule{"reply_token", is_token,
               "write a token of ntfy that may write to reply_topic and do nothing else", true},
    OptionRule{"ca_file", is_plain_path, kPathMend},
};

constexpr std::array kXmppRules{
    OptionRule{"jid", is_jid, "write the account's plain JID, such as latchkey@example.org", true},
    OptionRule{"server", is_host, "write a host name or an address", true},
    OptionRule{"port", is_port, "write a number from 1 to 65535, such as 5222", true},
    OptionRule{"tls", is_tls, "write \"none\", \"starttls\" or \"implicit\"", true},
    OptionRule{"ca_file", is_plain_path, kPathMend},
};

}  // namespace

bool is_push_plugin(const std::string& plugin) {
    return plugin == "push-ntfy" || plugin == "push-xmpp";
}

Result<void> check_push_options(const SettingsDraft& draft, const std::string& table,
                                const ChannelSettings& channel) {
    const bool is_xmpp = channel.plugin == "push-xmpp";
    const auto rules = is_xmpp ? std::span<const OptionRule>{kXmppRules} : kNtfyRules;
    if (auto checked = check_rules(draft, table, channel, rules); !checked) return checked;
    if (auto checked = check_network(draft, table, channel, "a server"); !checked) return checked;
    if (is_xmpp) {
        if (auto checked = check_tls(draft, table, channel); !checked) return checked;
    }
    if (!channel.secret_file.empty()) return {};
    return refusal(draft.place_of({table + ".secret_file", table}), table + ".secret_file",
                   is_xmpp ? "is missing; write the file with the account's password, "
                             "\"/etc/latchkey/secrets/NAME\""
                           : "is missing; write the file with latchkey's own token, "
                             "\"/etc/latchkey/secrets/NAME\"");
}

}  // namespace latchkey
