// SPDX-License-Identifier: MIT
#include "config/phone_options.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string_view>

#include "config/option_rules.hpp"
#include "core/phone_numbers.hpp"

namespace latchkey {

namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHexDigits = "0123456789abcdef";

bool is_all(std::string_view text, std::string_view signs) {
    return text.find_first_not_of(signs) == std::string_view::npos;
}

bool is_key_press_url(const std::string& text) {
    return is_bare_gateway(text) && text.starts_with("https://");
}

bool is_sid(const std::string& text, std::string_view kind) {
    return text.size() == 34 && text.starts_with(kind) &&
           is_all(std::string_view{text}.substr(2), kHexDigits);
}

bool is_account(const std::string& text) {
    return is_sid(text, "AC");
}

bool is_key_sid(const std::string& text) {
    return is_sid(text, "SK");
}

bool is_service(const std::string& text) {
    return is_sid(text, "MG");
}

constexpr std::size_t kNowhere = std::string_view::npos;

bool is_number(const std::string& text) {
    return is_phone_number(text);
}

// What a gateway shows as the sender's name (3GPP TS 23.040, 9.1.2.5): it has a letter.
bool is_sender_name(const std::string& text) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::string_view kSigns =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -._&+";
    return is_all(text, kSigns) && std::string_view{text}.find_first_of(kLetters) != kNowhere;
}

bool is_sender(const std::string& text) {
    constexpr std::size_t kLongestName = 11;
    constexpr std::size_t kLongestShortNumber = 6;
    if (is_phone_number(text)) return true;
    if (is_all(text, kDigits)) return !text.empty() && text.size() <= kLongestShortNumber;
    return text.size() <= kLongestName && is_sender_name(text);
}

bool is_method(const std::string& text) {
    return text == "GET" || text == "POST";
}

// "200" or "200,202".
bool is_success_list(const std::string& text) {
    std::string_view rest = text;
    while (rest.size() >= 3 && rest[0] == '2' && is_all(rest.substr(0, 3), kDigits)) {
        if (rest.size() == 3) return true;
        if (rest[3] != ',') return false;
        rest.remove_prefix(4);
    }
    return false;
}

bool is_header(const std::string& text) {
    const std::size_t colon = text.find(':');
    return colon != text.npos && colon != 0 && text.find(' ') > colon;
}

constexpr std::string_view kPathMend = "write an absolute path without \"..\"";
constexpr std::string_view kUrlMend =
    "write an https address; http is possible for a gateway on this host only";
constexpr std::string_view kBareUrlMend =
    "write an https address without '?'; http is possible for a gateway on this host only";
constexpr std::string_view kSenderMend =
    "write a phone number such as +15005550006, a short code or a name of at most 11 characters";
constexpr std::string_view kNumberMend = "write a phone number such as +15005550006";
constexpr std::string_view kAccountMend = "write the account's SID, AC and 32 digits of 0-9a-f";
constexpr std::string_view kKeySidMend =
    "write the key's SID, SK and 32 digits of 0-9a-f, or remove the line";
constexpr std::string_view kHeaderMend = "write it as \"Name: value\"";
constexpr std::string_view kTextMend = "write a text, or remove the line";

constexpr std::array kHttpRules{
    OptionRule{"method", is_method, "write \"GET\" or \"POST\", or remove the line to have POST"},
    OptionRule{"url", is_gateway, kUrlMend, true},
    OptionRule{"content_type", is_anything, kTextMend},
    OptionRule{"body", is_anything, kTextMend},
    OptionRule{"header_1", is_header, kHeaderMend},
    OptionRule{"header_2", is_header, kHeaderMend},
    OptionRule{"header_3", is_header, kHeaderMend},
    OptionRule{"header_4", is_header, kHeaderMend},
    OptionRule{"header_5", is_header, kHeaderMend},
    OptionRule{"header_6", is_header, kHeaderMend},
    OptionRule{"header_7", is_header, kHeaderMend},
    OptionRule{"header_8", is_header, kHeaderMend},
    OptionRule{"header_9", is_header, kHeaderMend},
    OptionRule{"user", is_anything, kTextMend},
    OptionRule{"ca_file", is_plain_path, kPathMend},
    OptionRule{"success_status", is_success_list,
               "write numbers from 200 to 299 with commas between them"},
    OptionRule{"success_pattern", is_anything, kTextMend},
    OptionRule{"permanent_pattern", is_anything, kTextMend},
};

constexpr std::array kTwilioSmsRules{
    OptionRule{"account", is_account, kAccountMend, true},
    OptionRule{"api_key", is_key_sid, kKeySidMend},
    OptionRule{"from", is_sender, kSenderMend},
    OptionRule{"messaging_service", is_service, "write its SID, MG and 32 digits of 0-9a-f"},
    OptionRule{"url", is_bare_gateway, kBareUrlMend},
    OptionRule{"ca_file", is_plain_path, kPathMend},
};

constexpr std::array kTwilioVoiceRules{
    OptionRule{"account", is_account, kAccountMend, true},
    OptionRule{"api_key", is_key_sid, kKeySidMend},
    OptionRule{"from", is_number, kNumberMend, true},
    OptionRule{"key_press_url", is_key_press_url, "write an https address without '?'"},
    OptionRule{"url", is_bare_gateway, kBareUrlMend},
    OptionRule{"ca_file", is_plain_path, kPathMend},
};

constexpr std::array kVonageRules{
    OptionRule{"api_key", is_anything, "write the account's API key", true},
    OptionRule{"from", is_sender, kSenderMend, true},
    OptionRule{"url", is_bare_gateway, kBareUrlMend},
    OptionRule{"ca_file", is_plain_path, kPathMend},
};

constexpr std::array kKannelRules{
    OptionRule{"url", is_bare_gateway, kBareUrlMend, true},
    OptionRule{"user", is_anything, "write the name of a sendsms-user", true},
    OptionRule{"from", is_sender, kSenderMend},
    OptionRule{"smsc", is_anything, kTextMend},
    OptionRule{"ca_file", is_plain_path, kPathMend},
};

// Empty: no plugin of this kind.
std::span<const OptionRule> rules_of(const std::string& plugin) {
    if (plugin == "sms-http") return kHttpRules;
    if (plugin == "sms-twilio") return kTwilioSmsRules;
    if (plugin == "voice-twilio") return kTwilioVoiceRules;
    if (plugin == "sms-vonage") return kVonageRules;
    return plugin == "sms-kannel" ? std::span<const OptionRule>{kKannelRules}
                                  : std::span<const OptionRule>{};
}

bool uses_secret(const ChannelSettings& channel) {
    if (channel.plugin != "sms-http" || channel.options.count("user") != 0) return true;
    return std::any_of(channel.options.begin(), channel.options.end(), [](const auto& option) {
        return option.second.find("{secret}") != std::string::npos;
    });
}

}  // namespace

bool is_phone_plugin(const std::string& plugin) {
    return !rules_of(plugin).empty();
}

Result<void> check_phone_options(const SettingsDraft& draft, const std::string& table,
                                 const ChannelSettings& channel) {
    auto checked = check_rules(draft, table, channel, rules_of(channel.plugin));
    if (!checked) return checked;
    checked = check_network(draft, table, channel, "a gateway");
    if (!checked) return checked;
    const bool is_twilio_sms = channel.plugin == "sms-twilio";
    if (is_twilio_sms &&
        channel.options.count("from") + channel.options.count("messaging_service") != 1)
        return refusal(draft.place_of({table + ".from", table}), table + ".from",
                       "and messaging_service exclude each other; write one of the two");
    if (!uses_secret(channel) || !channel.secret_file.empty()) return {};
    return refusal(draft.place_of({table + ".secret_file", table}), table + ".secret_file",
                   "is missing; write the file with the gateway's secret, "
                   "\"/etc/latchkey/secrets/NAME\"");
}

}  // namespace latchkey
