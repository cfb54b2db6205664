// SPDX-License-Identifier: MIT
#include "plugins/sms-http/sms_http_settings.hpp"

#include <algorithm>
#include <charconv>

#include "plugins/common/header_value.hpp"

namespace latchkey::sms_http {

namespace {

using plugin::Host;

constexpr int kMostHeaders = 9;

std::string text_of(const Host& host, const std::string& name, std::string_view otherwise = {}) {
    return std::string{host.option(name.c_str()).value_or(otherwise)};
}

// Each reads its options into `settings`; not empty: what is wrong.
std::string read_request(const Host& host, SmsHttpSettings& settings) {
    settings.method = text_of(host, "method", "POST");
    if (settings.method != "GET" && settings.method != "POST")
        return "option method must be GET or POST";
    settings.url = text_of(host, "url");
    if (settings.url.empty()) return "option url is not set";
    settings.ca_file = text_of(host, "ca_file");
    if (!settings.ca_file.empty() && settings.ca_file.front() != '/')
        return "option ca_file must be an absolute path";
    return {};
}

std::string read_body(const Host& host, SmsHttpSettings& settings) {
    settings.body = text_of(host, "body");
    if (settings.body.empty()) return {};
    if (settings.method == "GET") return "option body is for method = POST";
    settings.content_type = text_of(host, "content_type", "application/x-www-form-urlencoded");
    const auto place = place_of(settings.content_type);
    if (!place || !plugin::is_header_value(settings.content_type))
        return "option content_type must be application/x-www-form-urlencoded, application/json or "
               "application/xml";
    settings.place = *place;
    return {};
}

bool is_header_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

// libcurl makes these of the rest; a second one would say something else.
bool is_ours(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return name == "content-type" || name == "content-length" || name == "host" ||
           name == "transfer-encoding" || name == "connection" || name == "expect";
}

std::string read_headers(const Host& host, SmsHttpSettings& settings) {
    for (int number = 1; number <= kMostHeaders; ++number) {
        const std::string option = "header_" + std::to_string(number);
        const std::string header = text_of(host, option);
        if (header.empty()) continue;
        const std::string name = header.substr(0, header.find(':'));
        if (name.size() == header.size() || !is_header_name(name) ||
            !plugin::is_header_value(header))
            return "option " + option + " must be written as Name: value";
        if (is_ours(name)) return "option " + option + " names a header that latchkey writes";
        settings.headers.push_back(header);
    }
    return {};
}

std::string read_login(const Host& host, SmsHttpSettings& settings) {
    settings.user = text_of(host, "user");
    if (!plugin::is_header_value(settings.user) || settings.user.find(':') != std::string::npos)
        return "option user holds a control character or a colon";
    if ((!settings.user.empty() || settings.ask_for("secret")) && host.secret().empty())
        return "option user or {secret} is used, but the channel has no secret_file";
    if (!plugin::is_header_value(host.secret())) return "the secret holds a control character";
    return {};
}

std::string read_success(const Host& host, SmsHttpSettings& settings) {
    settings.success_pattern = text_of(host, "success_pattern");
    settings.permanent_pattern = text_of(host, "permanent_pattern");
    const std::string list = text_of(host, "success_status");
    const char* at = list.data();
    const char* const end = at + list.size();
    while (at != end) {
        long status = 0;
        const auto [behind, failed] = std::from_chars(at, end, status);
        const bool goes_on = behind != end && *behind == ',' && behind + 1 != end;
        if (failed != std::errc{} || status < 200 || status > 299 || (behind != end && !goes_on))
            return "option success_status must be numbers from 200 to 299 with commas between them";
        settings.success_status.push_back(status);
        at = goes_on ? behind + 1 : end;
    }
    return {};
}

std::string check_message(const Host&, SmsHttpSettings& settings) {
    if (!settings.ask_for("to") && !settings.ask_for("to_digits"))
        return "neither url, body nor a header holds {to} or {to_digits}";
    if (!settings.ask_for("text") && !settings.ask_for("code"))
        return "neither url, body nor a header holds {text} or {code}";
    return {};
}

}  // namespace

bool SmsHttpSettings::ask_for(std::string_view name) const {
    return holds(url, name) || holds(body, name) ||
           std::any_of(headers.begin(), headers.end(),
                       [&](const std::string& header) { return holds(header, name); });
}

ReadSettings read_settings(const Host& host) {
    SmsHttpSettings settings;
    for (const auto read :
         {&read_request, &read_body, &read_headers, &read_login, &read_success, &check_message})
        if (std::string refusal = read(host, settings); !refusal.empty())
            return {std::nullopt, std::move(refusal)};
    return {std::move(settings), {}};
}

}  // namespace latchkey::sms_http
