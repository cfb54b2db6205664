// SPDX-License-Identifier: MIT
//
// Every value ends up in a line that baresip reads, so each is held to what can stand there.
#include "plugins/voice-sip/sip_settings.hpp"

#include <unistd.h>

#include <algorithm>

#include "plugins/common/phone_number.hpp"

namespace latchkey::sip {

namespace {

constexpr std::string_view kAlphanumeric =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::size_t kLongestWord = 128;

bool is_word(std::string_view text, const char* signs) {
    return !text.empty() && text.size() <= kLongestWord &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return kAlphanumeric.find(c) != std::string_view::npos ||
                      std::string_view{signs}.find(c) != std::string_view::npos;
           });
}

bool is_host(std::string_view text) {
    return is_word(text, "-.:") && text.front() != '-';
}

bool is_user(std::string_view text) {
    return is_word(text, "+-_.");
}

// espeak-ng takes a file's name as well, and an option is no voice.
bool is_voice(std::string_view text) {
    return is_word(text, "-+_") && text.front() != '-';
}

bool is_port(std::string_view text) {
    return text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// baresip ends a password at the first of these, and reads lines.
bool is_password(std::string_view text) {
    return text.size() <= kLongestWord && std::all_of(text.begin(), text.end(), [](char c) {
               return c > ' ' && c <= '~' && c != ';' && c != '"' && c != '\\';
           });
}

bool is_prefix(std::string_view text) {
    return text == "+" ||
           (text.size() <= 8 && text.find_first_not_of("0123456789*#") == std::string_view::npos);
}

bool is_line(std::string_view text) {
    constexpr std::size_t kLongest = 200;
    return text.size() <= kLongest && std::none_of(text.begin(), text.end(), [](unsigned char c) {
               return c < ' ' || c == 0x7f;
           });
}

// An absolute path that baresip's settings do not understand as something else.
bool is_path(std::string_view text) {
    return text.starts_with('/') && is_word(text.substr(1), "/-_.+");
}

std::string without_line_end(std::string_view secret) {
    return std::string{secret.substr(0, secret.find_last_not_of("\r\n") + 1)};
}

std::string refusal_of(const SipSettings& settings) {
    if (!is_host(settings.server))
        return "option server must be a host name or an address such as sip.example.org";
    if (!is_port(settings.port)) return "option port must be a number";
    if (settings.transport != "udp" && settings.transport != "tcp" && settings.transport != "tls")
        return "option transport must be udp, tcp or tls";
    if (!is_user(settings.user) || !is_host(settings.domain))
        return "option account must be a user name such as alice or alice@example.org";
    if (!is_user(settings.from)) return "option from must be a phone number or a user name";
    if (!is_password(settings.password))
        return "the password in secret_file holds a blank, one of ; \" \\ or what is no ASCII";
    if (settings.transport == "tls" && !is_path(settings.ca_file))
        return "option ca_file must name the certificate that signed the server's, because "
               "transport is tls";
    if (settings.transport == "tls" && ::access(settings.ca_file.c_str(), R_OK) != 0)
        return "option ca_file names a file that cannot be read";
    if (!is_prefix(settings.prefix)) return "option prefix must be + or digits";
    if (!is_voice(settings.voice)) return "option voice must be a voice of espeak-ng such as en-gb";
    if (!is_line(settings.greeting)) return "option greeting must be one short line";
    return {};
}

std::string in_brackets(const std::string& host) {
    return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

std::string server_uri(const SipSettings& settings) {
    return "sip:" + in_brackets(settings.server) +
           (settings.port.empty() ? "" : ':' + settings.port) + ";transport=" + settings.transport;
}

}  // namespace

ReadSettings read_settings(const plugin::Host& host) {
    const auto text = [&](const char* option, const char* otherwise) {
        return std::string{host.option(option).value_or(otherwise)};
    };
    SipSettings settings;
    settings.server = text("server", "");
    settings.port = text("port", "");
    settings.transport = text("transport", "tls");
    const std::string account = text("account", "");
    const std::size_t at = account.find('@');
    settings.user = account.substr(0, at);
    settings.domain = at == std::string::npos ? settings.server : account.substr(at + 1);
    settings.from = text("from", settings.user.c_str());
    settings.password = without_line_end(host.secret());
    settings.ca_file = text("ca_file", "");
    settings.prefix = text("prefix", "+");
    settings.voice = text("voice", "en-gb");
    settings.greeting = text("greeting", "");
    if (std::string refusal = refusal_of(settings); !refusal.empty())
        return {std::nullopt, std::move(refusal)};
    return {std::move(settings), {}};
}

std::string caller_of(const SipSettings& settings) {
    return settings.from + '@' + settings.domain;
}

std::string account_command(const SipSettings& settings) {
    // Nothing is registered: nobody is to reach us.
    std::string command = "/uanew <sip:" + settings.from + '@' + in_brackets(settings.domain) +
                          ";transport=" + settings.transport +
                          ">;regint=0;mwi=no;call_transfer=no;auth_user=" + settings.user +
                          ";outbound=\"" + server_uri(settings) + '"';
    if (!settings.password.empty()) command += ";auth_pass=" + settings.password;
    if (settings.transport == "tls") command += ";mediaenc=srtp-mand";
    return command + '\n';
}

std::string dial_command(const SipSettings& settings, std::string_view number) {
    return "/dial sip:" + settings.prefix + std::string{plugin::digits_of(number)} + '@' +
           in_brackets(settings.domain) + '\n';
}

}  // namespace latchkey::sip
