// SPDX-License-Identifier: MIT
#include "plugins/common/gateway_options.hpp"

#include <algorithm>

#include "plugins/common/header_value.hpp"
#include "plugins/common/phone_number.hpp"

namespace latchkey::plugin {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string objection_to_login(const std::string& user, const std::string& secret) {
    if (secret.empty()) return "the channel has no secret_file with the gateway's secret";
    if (!is_header_value(secret)) return "the secret holds a control character";
    if (!is_header_value(user) || user.find(':') != std::string::npos)
        return "the user holds a control character or a colon";
    return {};
}

}  // namespace

HttpRequest Gateway::request(std::string method, const std::string& path) const {
    HttpRequest request;
    request.method = std::move(method);
    request.url = url + path;
    request.user = user;
    request.password = secret;
    request.ca_file = ca_file;
    return request;
}

ReadGateway read_gateway(const Host& host, std::string user, std::string_view usual_url) {
    Gateway gateway;
    gateway.url = host.option("url").value_or(usual_url);
    if (gateway.url.empty()) return {std::nullopt, "option url is not set"};
    if (const std::string wrong = objection_to_url(gateway.url); !wrong.empty())
        return {std::nullopt, "option url " + wrong};
    if (gateway.url.find('?') != std::string::npos)
        return {std::nullopt, "option url holds a '?'; the query is written by latchkey"};
    while (gateway.url.ends_with('/')) gateway.url.pop_back();
    gateway.ca_file = host.option("ca_file").value_or("");
    if (!gateway.ca_file.empty() && gateway.ca_file.front() != '/')
        return {std::nullopt, "option ca_file must be an absolute path"};
    gateway.user = std::move(user);
    gateway.secret = host.secret();
    if (std::string wrong = objection_to_login(gateway.user, gateway.secret); !wrong.empty())
        return {std::nullopt, std::move(wrong)};
    return {std::move(gateway), {}};
}

bool is_sender(std::string_view text) {
    constexpr std::size_t kLongestName = 11;
    constexpr std::size_t kLongestShortCode = 6;
    constexpr std::string_view kOthers = " -._&+";
    if (is_phone_number(text)) return true;
    if (text.empty() || text.size() > kLongestName) return false;
    if (std::all_of(text.begin(), text.end(), is_digit)) return text.size() <= kLongestShortCode;
    return std::any_of(text.begin(), text.end(), is_letter) &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return is_digit(c) || is_letter(c) || kOthers.find(c) != std::string_view::npos;
           });
}

}  // namespace latchkey::plugin
