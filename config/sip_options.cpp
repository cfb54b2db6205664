// SPDX-License-Identifier: MIT
#include "config/sip_options.hpp"

#include <array>
#include <chrono>
#include <string_view>

#include "config/option_rules.hpp"

namespace latchkey {

namespace {

constexpr std::string_view kLettersAndDigits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
// To ring for 25 seconds and say 8 digits twice.
constexpr std::chrono::seconds kShortestDeadline{50};

bool is_word(std::string_view text, std::string_view signs) {
    return !text.empty() && text.front() != '-' &&
           text.find_first_not_of(std::string{kLettersAndDigits}.append(signs)) == text.npos;
}

bool is_server(const std::string& text) {
    return is_word(text, "-.:");
}

bool is_transport(const std::string& text) {
    return text == "udp" || text == "tcp" || text == "tls";
}

bool is_user(const std::string& text) {
    return is_word(text, "+-_.");
}

bool is_account(const std::string& text) {
    const std::size_t at = text.find('@');
    return is_user(text.substr(0, at)) && (at == text.npos || is_server(text.substr(at + 1)));
}

bool is_prefix(const std::string& text) {
    return text == "+" || text.find_first_not_of("0123456789*#") == text.npos;
}

bool is_voice(const std::string& text) {
    return is_word(text, "-+_");
}

constexpr std::array kRules{
    OptionRule{"server", is_server, "write a host name or an address", true},
    OptionRule{"port", is_port, "write a number from 1 to 65535, or remove the line"},
    OptionRule{"transport", is_transport, "write \"udp\", \"tcp\" or \"tls\""},
    OptionRule{"account", is_account, "write a user name, \"alice\" or \"alice@example.org\"",
               true},
    OptionRule{"from", is_user, "write a phone number or a user name, or remove the line"},
    OptionRule{"ca_file", is_plain_path, "write an absolute path without \"..\""},
    OptionRule{"prefix", is_prefix, "write \"+\" or the digits that stand in its place"},
    OptionRule{"voice", is_voice, "write the name of a voice, as espeak-ng --voices lists them"},
    OptionRule{"greeting", is_anything, "write a text, or remove the line"},
};

}  // namespace

Result<void> check_sip_options(const SettingsDraft& draft, const std::string& table,
                               const ChannelSettings& channel) {
    if (auto checked = check_rules(draft, table, channel, kRules); !checked) return checked;
    const auto wrong = [&](const std::string& key, const std::string& what) {
        return refusal(draft.place_of({table + '.' + key, table}), table + '.' + key, what);
    };
    if (channel.profile != Profile::Program)
        return wrong("profile",
                     "does not let the plugin run a program; write profile = \"program\"");
    if (channel.deadline < kShortestDeadline)
        return wrong("deadline", "is too short for a call that rings; write deadline = 60");
    const auto transport = channel.options.find("transport");
    const bool tls = transport == channel.options.end() || transport->second == "tls";
    if (tls && channel.options.count("ca_file") == 0)
        return wrong("ca_file",
                     "is missing, but the server's certificate is checked; write the file with "
                     "who signed it, or write transport = \"udp\" or \"tcp\", which everybody on "
                     "the way can listen to");
    return {};
}

}  // namespace latchkey
