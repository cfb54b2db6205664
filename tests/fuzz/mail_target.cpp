// SPDX-License-Identifier: MIT
//
// Any address, subject, text and configuration through the e-mail plugin: a mail with
// the headers we write, one recipient and nothing injected, or no mail. What is written as text
// is read as that text, whatever it holds, and a page has the tags of its template alone.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "plugins/common/html_page.hpp"
#include "plugins/common/mail_message.hpp"
#include "plugins/email/mail_settings.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace latchkey;
using fuzz::holds;

constexpr std::array kOptions{"server", "port", "tls",        "ca_file",
                              "user",   "from", "hello_name", "html"};

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

using Lines = std::vector<std::string_view>;

// What stands in front of the line `until`; both are taken away.
Lines taken_block(Lines& lines, std::string_view until) {
    const auto end = std::find(lines.begin(), lines.end(), until);
    holds(end != lines.end(), "every block is ended");
    Lines block{lines.begin(), end};
    lines.erase(lines.begin(), end + 1);
    return block;
}

void check_lines(const Lines& lines) {
    for (const std::string_view line : lines) {
        holds(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; }),
              "a mail is printable ASCII");
        holds(line.size() <= 998, "a line is as short as mail needs it");
    }
}

// What a reader makes of it.
std::string decoded(const Lines& lines, bool is_quoted) {
    std::string text;
    for (std::string_view line : lines) {
        holds(line.size() <= 76, "a line of a body is as short as mail wants it");
        const bool goes_on = is_quoted && line.ends_with('=');
        if (goes_on) line.remove_suffix(1);
        for (std::size_t at = 0; at < line.size(); ++at) {
            if (!is_quoted || line[at] != '=') {
                text += line[at];
                continue;
            }
            holds(at + 2 < line.size(), "an encoded byte is whole");
            text += static_cast<char>(std::stoi(std::string{line.substr(at + 1, 2)}, nullptr, 16));
            at += 2;
        }
        if (!goes_on) text += '\n';
    }
    return text;
}

// A part whose headers are `headers`, its Content-Type first.
std::string text_of(const Lines& headers, const Lines& body, std::string_view kind) {
    holds(headers.size() == 2 &&
              headers[0] == "Content-Type: text/" + std::string{kind} + "; charset=utf-8",
          "a part is the text it should be");
    const bool is_quoted = headers[1] == "Content-Transfer-Encoding: quoted-printable";
    holds(is_quoted || headers[1] == "Content-Transfer-Encoding: 7bit", "an encoding is ours");
    return decoded(body, is_quoted);
}

struct ReadMail {
    std::string text;
    std::optional<std::string> page;
};

constexpr std::string_view kMultipart =
    "Content-Type: multipart/alternative; boundary=\"=_latchkey\"";

// Every line is looked at: there is no place for anything else.
ReadMail read_parts(Lines lines) {
    const std::string delimiter = "--=_latchkey";
    holds(taken_block(lines, delimiter).empty(), "nothing stands in front of the parts");
    const auto part = [&](std::string_view kind, std::string_view end) {
        Lines block = taken_block(lines, end);
        const Lines headers = taken_block(block, "");
        holds(!block.empty() && block.back().empty(), "a delimiter has its own line's end");
        block.pop_back();
        return text_of(headers, block, kind);
    };
    ReadMail mail;
    mail.text = part("plain", delimiter);
    mail.page = part("html", delimiter + "--");
    holds(lines.empty(), "nothing stands behind the parts");
    return mail;
}

ReadMail read_mail(std::string_view mail) {
    constexpr std::array<std::string_view, 7> kHeaders{
        "Date: ",       "From: ",           "To: ",          "Subject: ",
        "Message-ID: ", "Auto-Submitted: ", "MIME-Version: "};
    Lines lines = lines_of(mail);
    check_lines(lines);
    Lines headers = taken_block(lines, "");
    std::erase_if(headers, [](std::string_view line) { return line.starts_with(' '); });
    holds(headers.size() > kHeaders.size(), "every header is there");
    for (std::size_t i = 0; i < kHeaders.size(); ++i)
        holds(headers[i].starts_with(kHeaders.at(i)), "the headers are ours");
    headers.erase(headers.begin(), headers.begin() + kHeaders.size());
    if (headers == Lines{kMultipart}) return read_parts(std::move(lines));
    return {text_of(headers, lines, "plain"), std::nullopt};
}

std::string without(std::string text, std::string_view tag) {
    for (std::size_t at = 0; (at = text.find(tag, at)) != std::string::npos;)
        text.erase(at, tag.size());
    return text;
}

void check_mail(std::string_view mail, std::string_view text, std::string_view page_template,
                std::string_view our_template) {
    const ReadMail read = read_mail(mail);
    const bool is_ended = text.ends_with('\n');
    holds(read.text == std::string{text} + (is_ended ? "" : "\n"), "the text is the text");
    if (!read.page) return;
    holds(!page_template.empty(), "a page is made from a template only");
    if (page_template != our_template) return;
    std::string tags = *read.page;
    for (const char* tag : {"<br>", "<strong>", "</strong>"}) tags = without(tags, tag);
    holds(std::count(tags.begin(), tags.end(), '<') ==
              std::count(page_template.begin(), page_template.end(), '<'),
          "a page has the tags of its template");
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
    const std::string code = input.text();
    std::string page_template = input.text();
    if (!mail::refusal_of_template(page_template).empty())
        page_template = read.settings->page_template;
    const std::string_view text = input.rest();
    const auto mail = mail::compose(
        read.settings->from, {to, subject, text, message_id, {}, code, 0}, now, page_template);
    if (!mail) return 0;
    holds(mail::is_address(to), "a recipient is an address");
    check_mail(*mail, text, page_template, read.settings->page_template);
    return 0;
}
