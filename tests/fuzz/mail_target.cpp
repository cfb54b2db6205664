// SPDX-License-Identifier: MIT
//
// Any address, subject, text and configuration through the e-mail plugin: a mail with
// the headers we write, one recipient and nothing injected, or no mail.
#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "plugins/common/mail_message.hpp"
#include "plugins/email/mail_settings.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace latchkey;
using fuzz::holds;

constexpr std::array kOptions{"server", "port", "tls", "ca_file", "user", "from", "hello_name"};

// The host as a plugin sees it.
struct Offered {
    std::map<std::string, std::string, std::less<>> options;
    std::string secret;
};

latchkey_bytes_v1 option(void* context, const char* name) {
    const auto& options = static_cast<const Offered*>(context)->options;
    const auto found = options.find(std::string_view{name});
    if (found == options.end()) return {nullptr, 0};
    return {found->second.c_str(), found->second.size()};
}
latchkey_bytes_v1 secret(void* context) {
    const std::string& text = static_cast<const Offered*>(context)->secret;
    return {text.c_str(), text.size()};
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
}

void check_settings(const email::MailSettings& settings) {
    holds(settings.tls != email::Tls::None || settings.server == "localhost" ||
              settings.server == "::1" || settings.server.starts_with("127.") ||
              settings.server.find(':') != std::string::npos,
          "no TLS only on this host");
    holds(settings.port != 0, "a port is a number");
    holds(!has_control(settings.server + settings.user + settings.password + settings.from.name +
                       settings.from.address + settings.hello_name),
          "nothing of the settings can end a line");
    holds(mail::is_address(settings.from.address), "a sender is an address");
}

// Lines without their CR LF; no CR or LF stands elsewhere.
std::vector<std::string_view> lines_of(std::string_view mail) {
    std::vector<std::string_view> lines;
    while (!mail.empty()) {
        const std::size_t end = mail.find("\r\n");
        holds(end != std::string_view::npos, "every line is ended");
        const std::string_view line = mail.substr(0, end);
        holds(line.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos,
              "no line hides another one");
        lines.push_back(line);
        mail.remove_prefix(end + 2);
    }
    return lines;
}

void check_mail(std::string_view mail) {
    constexpr std::array<std::string_view, 9> kHeaders{
        "Date",         "From",         "To",
        "Subject",      "Message-ID",   "Auto-Submitted",
        "MIME-Version", "Content-Type", "Content-Transfer-Encoding"};
    std::size_t headers = 0;
    bool in_body = false;
    for (const std::string_view line : lines_of(mail)) {
        holds(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; }),
              "a mail is printable ASCII");
        in_body = in_body || line.empty();
        holds(line.size() <= (in_body ? 76U : 998U), "a line is as short as mail wants it");
        if (in_body || line.starts_with(' ')) continue;
        holds(headers < kHeaders.size() && line.starts_with(kHeaders.at(headers)) &&
                  line.substr(kHeaders.at(headers).size()).starts_with(": "),
              "the headers are ours");
        ++headers;
    }
    holds(in_body && headers == kHeaders.size(), "every header is there");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input{data, size};
    const std::string to = input.text();
    const std::string subject = input.text();
    const std::string message_id = input.text();
    Offered offered;
    offered.secret = input.text();
    const std::uint8_t given = input.byte();
    for (std::size_t i = 0; i < kOptions.size(); ++i)
        if ((given >> i & 1U) != 0) offered.options[kOptions.at(i)] = input.text();
    const std::time_t now = input.number<std::int32_t>();

    const latchkey_host_v1 host{
        sizeof(latchkey_host_v1), LATCHKEY_ABI, &offered, &option, &secret, nullptr, nullptr};
    const auto read = email::read_settings(plugin::Host{host});
    holds(read.settings.has_value() == read.refusal.empty(), "settings or a refusal");
    if (!read.settings) return 0;
    check_settings(*read.settings);
    const auto mail =
        mail::compose(read.settings->from, {to, subject, input.rest(), message_id}, now);
    if (!mail) return 0;
    holds(mail::is_address(to), "a recipient is an address");
    check_mail(*mail);
    return 0;
}
