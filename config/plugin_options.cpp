// SPDX-License-Identifier: MIT
#include "config/plugin_options.hpp"

#include <algorithm>
#include <array>

#include "config/option_rules.hpp"
#include "config/phone_options.hpp"
#include "config/push_options.hpp"
#include "config/sip_options.hpp"
#include "core/answers.hpp"

namespace latchkey {

namespace {

bool is_address(const std::string& text) {
    const auto at = text.rfind('@');
    // Mail of this host may come from a host whose name has no dot.
    return checked_email_address(text).has_value() ||
           (at != text.npos && text.find('.', at) == text.npos &&
            checked_email_address(text + ".example").has_value());
}

// "help@example.org" or "Help Desk <help@example.org>".
bool is_sender(const std::string& text) {
    const auto open = text.find('<');
    if (open == text.npos) return is_address(text);
    return text.back() == '>' && is_address(text.substr(open + 1, text.size() - open - 2));
}

bool is_truth(const std::string& text) {
    return text == "true" || text == "false";
}

constexpr const char* kPath = "write an absolute path without \"..\"";
constexpr const char* kSender =
    "write one plain address, or a name and <address>, or remove the line";
constexpr const char* kTruth = "write true or false";

constexpr std::array kEmailRules{
    OptionRule{"server", is_host, "write a host name or an address, or remove the line", true},
    OptionRule{"port", is_port, "write a number from 1 to 65535", true},
    OptionRule{"tls", is_tls, "write \"none\", \"starttls\" or \"implicit\"", true},
    OptionRule{"ca_file", is_plain_path, kPath},
    OptionRule{"user", is_anything, "write the user name, or remove the line"},
    OptionRule{"from", is_sender, kSender},
    OptionRule{"hello_name", is_host, "write this host's full name, or remove the line"},
    OptionRule{"html", is_truth, kTruth},
    OptionRule{"html_template", is_plain_path, kPath},
};

bool is_spool_format(const std::string& text) {
    return text == "smstools3" || text == "gammu";
}

constexpr std::array kSendmailRules{
    OptionRule{"from", is_sender, kSender},
    OptionRule{"program", is_plain_path, kPath},
    OptionRule{"html", is_truth, kTruth},
    OptionRule{"html_template", is_plain_path, kPath},
};

constexpr std::array kExecRules{
    OptionRule{"program", is_plain_path, kPath, true},
};

constexpr std::array kSmsSpoolRules{
    OptionRule{"format", is_spool_format, "write \"smstools3\" or \"gammu\"", true},
    OptionRule{"directory", is_plain_path, kPath},
    OptionRule{"config", is_plain_path, kPath},
    OptionRule{"inject", is_plain_path, kPath},
};

constexpr std::array kFileRules{
    OptionRule{"directory", is_plain_path, kPath, true},
};

Result<void> check_program_channel(const SettingsDraft& draft, const std::string& table,
                                   const ChannelSettings& channel,
                                   std::span<const OptionRule> rules) {
    if (auto checked = check_rules(draft, table, channel, rules); !checked) return checked;
    if (channel.profile == Profile::Program) return {};
    return refusal(draft.place_of({table + ".profile", table}), table + ".profile",
                   "does not let the plugin run a program; write profile = \"program\"");
}

Result<void> check_sms_spool(const SettingsDraft& draft, const std::string& table,
                             const ChannelSettings& channel) {
    if (auto checked = check_rules(draft, table, channel, kSmsSpoolRules); !checked) return checked;
    const bool gammu = channel.options.at("format") == "gammu";
    if (channel.profile == (gammu ? Profile::Program : Profile::Spool)) return {};
    return refusal(draft.place_of({table + ".profile", table}), table + ".profile",
                   gammu ? "does not let gammu-smsd-inject run; write profile = \"program\""
                         : "is not that of a spool directory; write profile = \"spool\"");
}

Result<void> check_email(const SettingsDraft& draft, const std::string& table,
                         const ChannelSettings& channel) {
    if (auto checked = check_rules(draft, table, channel, kEmailRules); !checked) return checked;
    if (auto checked = check_network(draft, table, channel, "e-mail"); !checked) return checked;
    if (auto checked = check_tls(draft, table, channel); !checked) return checked;
    const std::string user = table + ".user";
    if (channel.options.count("user") != 0 && channel.options.at("tls") == "none")
        return refusal(draft.place_of({user}), user,
                       "needs TLS, because a password never travels in the clear; write tls = "
                       "\"starttls\" or \"implicit\", or remove the line");
    if (channel.options.count("user") != 0 && channel.secret_file.empty())
        return refusal(draft.place_of({user}), user,
                       "needs a file with its password; write secret_file = "
                       "\"/etc/latchkey/secrets/NAME\"");
    return {};
}

}  // namespace

Result<void> check_plugin_options(const SettingsDraft& draft, const std::string& table,
                                  const ChannelSettings& channel) {
    if (channel.plugin == "email") return check_email(draft, table, channel);
    if (channel.plugin == "sendmail")
        return check_program_channel(draft, table, channel, kSendmailRules);
    if (channel.plugin == "exec") return check_program_channel(draft, table, channel, kExecRules);
    if (channel.plugin == "sms-spool") return check_sms_spool(draft, table, channel);
    if (channel.plugin == "voice-sip") return check_sip_options(draft, table, channel);
    if (channel.plugin == "file") return check_rules(draft, table, channel, kFileRules);
    if (is_push_plugin(channel.plugin)) return check_push_options(draft, table, channel);
    if (is_phone_plugin(channel.plugin)) return check_phone_options(draft, table, channel);
    if (channel.plugin == "totp" || channel.plugin == "hotp")
        return check_rules(draft, table, channel, {});
    return {};
}

}  // namespace latchkey
