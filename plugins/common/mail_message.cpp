// SPDX-License-Identifier: MIT
#include "plugins/common/mail_message.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "plugins/common/header_value.hpp"
#include "plugins/common/html_page.hpp"
#include "plugins/common/mail_encoding.hpp"

namespace latchkey::mail {

namespace {

constexpr std::size_t kLongestHeader = 500;
constexpr std::size_t kLongestId = 80;
// An encoded body holds no "=_" (mail_encoding.hpp), so this stands in none.
constexpr std::string_view kBoundary = "=_latchkey";

bool is_message_id(std::string_view text) {
    return !text.empty() && text.size() <= kLongestId &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c > 0 && std::isalnum(static_cast<unsigned char>(c)) != 0) || c == '.' ||
                      c == '-' || c == '_' || c == ':';
           });
}

std::string date(std::time_t now) {
    std::tm utc{};
    std::array<char, 64> text{};
    // Day and month in English whatever the locale: nothing here calls setlocale.
    if (::gmtime_r(&now, &utc) == nullptr ||
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S +0000", &utc) == 0)
        return {};
    return text.data();
}

// Begins with its Content-Type, ends with a line's end.
std::string text_part(std::string_view subtype, std::string_view text) {
    const EncodedBody body = encoded_body(text);
    return "Content-Type: text/" + std::string{subtype} +
           "; charset=utf-8\r\nContent-Transfer-Encoding: " + body.encoding + "\r\n\r\n" +
           body.text;
}

// The last part is what readers like best (RFC 2046). The line's end in front of a delimiter
// is the delimiter's own.
std::string alternatives(const std::string& first, const std::string& second) {
    const std::string delimiter = "\r\n--" + std::string{kBoundary};
    return "Content-Type: multipart/alternative; boundary=\"" + std::string{kBoundary} + "\"\r\n" +
           delimiter + "\r\n" + first + delimiter + "\r\n" + second + delimiter + "--\r\n";
}

std::string content(const plugin::Message& message, std::string_view page_template) {
    std::string plain = text_part("plain", message.text);
    if (page_template.empty()) return plain;
    const auto page = page_of(page_template, message);
    return page ? alternatives(plain, text_part("html", *page)) : plain;
}

}  // namespace

std::optional<std::string> compose(const Mailbox& from, const plugin::Message& message,
                                   std::time_t now, std::string_view page_template) {
    if (!is_address(message.to) || !plugin::is_header_value(message.subject) ||
        message.subject.size() > kLongestHeader || from.name.size() > kLongestHeader ||
        !is_message_id(message.message_id))
        return std::nullopt;
    const std::string sender =
        from.name.empty() ? from.address : phrase(from.name) + "<" + from.address + '>';
    const std::string domain = from.address.substr(from.address.find('@') + 1);
    std::string result;
    result.append("Date: ").append(date(now));
    result.append("\r\nFrom: ").append(sender);
    result.append("\r\nTo: ").append(message.to);
    result.append("\r\nSubject: ").append(encoded_words(message.subject));
    result.append("\r\nMessage-ID: <").append(message.message_id).append("@" + domain + ">");
    result.append("\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
    return result + content(message, page_template);
}

}  // namespace latchkey::mail
