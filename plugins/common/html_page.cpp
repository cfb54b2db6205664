// SPDX-License-Identifier: MIT
#include "plugins/common/html_page.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>

#include "plugins/common/escape.hpp"
#include "plugins/common/trusted_path.hpp"

namespace latchkey::mail {

namespace {

constexpr std::size_t kLongestTemplate = 16384;
constexpr const char* kTooLong = "is longer than 16,384 bytes";
constexpr std::string_view kSubject = "{subject}";
constexpr std::string_view kText = "{text}";

constexpr std::string_view kOurTemplate = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{subject}</title>
<style>
body { margin: 1.5em; max-width: 40em; font: 16px/1.5 sans-serif; color: #1a1a1a; background: #fff }
h1 { font-size: 1.2em }
strong { font-size: 1.5em; white-space: nowrap }
</style>
</head>
<body>
<h1>{subject}</h1>
<p>{text}</p>
</body>
</html>
)";

// Every way to load or to lead needs one of these, in a page that does not hide it.
constexpr std::array<std::string_view, 10> kUnwanted{
    "href", "src", "url(", "//", "http:", "https:", "@import", "<script", "<object", "<form"};

// Where `code` stands in `text`, digits in groups or not: its begin and its length.
struct Place {
    std::size_t begin = std::string_view::npos;
    std::size_t length = 0;
};

// How many bytes of `text`, from its begin on, say `code`; 0 if it begins otherwise.
std::size_t said_at_begin(std::string_view text, std::string_view code) {
    std::size_t at = 0;
    for (const char digit : code) {
        if (at > 0 && at < text.size() && text[at] == ' ') ++at;
        if (at == text.size() || text[at] != digit) return 0;
        ++at;
    }
    return at;
}

Place place_of(std::string_view code, std::string_view text) {
    if (code.empty()) return {};
    for (std::size_t at = 0; at < text.size(); ++at)
        if (const std::size_t length = said_at_begin(text.substr(at), code); length > 0)
            return {at, length};
    return {};
}

// One line without its end.
std::optional<std::string> line_in_html(std::string_view line, std::string_view code) {
    const Place said = place_of(code, line);
    if (said.length == 0) return plugin::xml_escaped(line);
    const auto before = plugin::xml_escaped(line.substr(0, said.begin));
    const auto digits = plugin::xml_escaped(line.substr(said.begin, said.length));
    const auto after = plugin::xml_escaped(line.substr(said.begin + said.length));
    if (!before || !digits || !after) return std::nullopt;
    return *before + "<strong>" + *digits + "</strong>" + *after;
}

std::optional<std::string> text_in_html(std::string_view text, std::string_view code) {
    std::string result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const auto line = line_in_html(text.substr(0, end), code);
        if (!line) return std::nullopt;
        text.remove_prefix(std::min(end + 1, text.size()));
        result += *line;
        if (!text.empty()) result += "<br>\n";
    }
    return result;
}

std::string in_lower_case(std::string_view text) {
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) {
        return static_cast<char>(c < 0x80 ? std::tolower(c) : c);
    });
    return result;
}

bool is_odd_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
}

// Line ends as in a message.
std::string without_carriage_returns(std::string text) {
    for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos;) text.erase(at, 1);
    return text;
}

// The file's content, or why not.
PageTemplate read_file(const std::string& path) {
    if (const std::string refusal = plugin::refusal_of_file(path); !refusal.empty())
        return {{}, refusal};
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    std::string content(kLongestTemplate + 1, '\0');
    const ssize_t length = file < 0 ? -1 : ::read(file, content.data(), content.size());
    const int error = errno;
    if (file >= 0) ::close(file);
    if (length < 0) return {{}, std::string{"cannot be read: "} + strerrordesc_np(error)};
    if (static_cast<std::size_t>(length) > kLongestTemplate) return {{}, kTooLong};
    content.resize(static_cast<std::size_t>(length));
    return {without_carriage_returns(std::move(content)), {}};
}

}  // namespace

std::string refusal_of_template(std::string_view html) {
    if (html.size() > kLongestTemplate) return kTooLong;
    if (!plugin::is_utf8(html) || std::any_of(html.begin(), html.end(), is_odd_control))
        return "is no text in UTF-8";
    if (html.find(kText) == std::string_view::npos)
        return "has no {text}, where the message with its code would stand";
    const std::string lower = in_lower_case(html);
    for (const std::string_view unwanted : kUnwanted)
        if (lower.find(unwanted) != std::string::npos)
            return "holds '" + std::string{unwanted} +
                   "'; a mail with a code loads nothing and leads nowhere, remove it";
    return {};
}

PageTemplate read_page_template(const plugin::Host& host) {
    const std::string_view html = host.option("html").value_or("true");
    if (html != "true" && html != "false") return {{}, "option html must be true or false"};
    if (html == "false") return {};
    const auto path = host.option("html_template");
    if (!path) return {std::string{kOurTemplate}, {}};
    PageTemplate read = read_file(std::string{*path});
    if (read.refusal.empty()) read.refusal = refusal_of_template(read.html);
    if (!read.refusal.empty()) return {{}, "option html_template " + read.refusal};
    return read;
}

std::optional<std::string> page_of(std::string_view html, const plugin::Message& message) {
    const auto subject = plugin::xml_escaped(message.subject);
    const auto text = text_in_html(message.text, message.code);
    if (!subject || !text) return std::nullopt;
    std::string page;
    while (!html.empty()) {
        const std::size_t at = std::min({html.find(kSubject), html.find(kText), html.size()});
        page += html.substr(0, at);
        html.remove_prefix(at);
        if (html.starts_with(kSubject)) {
            page += *subject;
            html.remove_prefix(kSubject.size());
        } else if (html.starts_with(kText)) {
            page += *text;
            html.remove_prefix(kText.size());
        }
    }
    return page;
}

}  // namespace latchkey::mail
