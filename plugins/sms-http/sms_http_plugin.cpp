// SPDX-License-Identifier: MIT
//
// A text message over any gateway that takes an HTTP request: the request is a template in
// the channel's options (README.md, latchkey.toml(5)).
#include <algorithm>
#include <ctime>
#include <string>

#include <latchkey/plugin.hpp>

#include "plugins/common/http_client.hpp"
#include "plugins/common/phone_message.hpp"
#include "plugins/common/validity.hpp"
#include "plugins/sms-http/reply_pattern.hpp"
#include "plugins/sms-http/request_template.hpp"
#include "plugins/sms-http/sms_http_settings.hpp"

namespace {

using namespace latchkey::sms_http;
using latchkey::plugin::Host;
using latchkey::plugin::HttpAnswer;
using latchkey::plugin::HttpRequest;
using latchkey::plugin::Message;
using latchkey::plugin::Outcome;
using latchkey::plugin::Reply;

constexpr std::chrono::hours kLongestValidity{24};

Values values_of(const Host& host, const Message& message) {
    const auto left = latchkey::plugin::validity(
        message.expires_at, static_cast<std::uint64_t>(std::time(nullptr)), kLongestValidity);
    return {{"to", std::string{message.to}},
            {"to_digits", std::string{latchkey::plugin::digits_of(message.to)}},
            {"text", std::string{message.short_text}},
            {"code", std::string{message.code}},
            {"minutes", std::to_string(latchkey::plugin::in_minutes(left).count())},
            {"seconds", std::to_string(left.count())},
            {"secret", std::string{host.secret()}}};
}

// The request, or which option cannot be filled.
struct Made {
    HttpRequest request;
    std::string refusal;
};

Made make_request(const SmsHttpSettings& settings, const Values& values) {
    Made made;
    const auto filled = [&](const char* option, const std::string& text, Place place) {
        Filled result = fill(text, place, values);
        if (!result.text) made.refusal = std::string{"option "} + option + ' ' + result.refusal;
        return result.text.value_or("");
    };
    made.request.method = settings.method;
    made.request.url = filled("url", settings.url, Place::Url);
    if (!settings.body.empty()) {
        made.request.body = filled("body", settings.body, settings.place);
        made.request.headers.push_back("Content-Type: " + settings.content_type);
    }
    for (const std::string& header : settings.headers)
        made.request.headers.push_back(filled("header", header, Place::Header));
    made.request.ca_file = settings.ca_file;
    if (made.refusal.empty())
        if (const std::string objection = latchkey::plugin::objection_to_url(made.request.url);
            !objection.empty())
            made.refusal = "option url " + objection;
    return made;
}

Reply judged(const SmsHttpSettings& settings, const HttpAnswer& answer) {
    if (answer.status == 0) return answer.reply;
    const std::string status = "HTTP status " + std::to_string(answer.status);
    if (!settings.permanent_pattern.empty() && matches(settings.permanent_pattern, answer.body))
        return {Outcome::Permanent, status + ", and what permanent_pattern looks for"};
    if (answer.reply.outcome != Outcome::Accepted) return answer.reply;
    const auto& right = settings.success_status;
    if (!right.empty() && std::find(right.begin(), right.end(), answer.status) == right.end())
        return {Outcome::Temporary, status + ", which is not in success_status"};
    if (!settings.success_pattern.empty() && !matches(settings.success_pattern, answer.body))
        return {Outcome::Temporary, status + ", but not what success_pattern looks for"};
    return answer.reply;
}

class SmsHttp final : public latchkey::plugin::Delivery {
public:
    Reply deliver(const Host& host, const Message& message) override {
        const auto read = read_settings(host);
        if (!read.settings) return {Outcome::Misconfigured, read.refusal};
        const SmsHttpSettings& settings = *read.settings;
        if (auto objection = latchkey::plugin::objection_to(message)) return *objection;
        if (message.code.empty() && !settings.ask_for("text"))
            return {Outcome::Permanent, "a notice has no code, and no option holds {text}"};
        Made made = make_request(settings, values_of(host, message));
        if (!made.refusal.empty()) return {Outcome::Misconfigured, made.refusal};
        made.request.user = settings.user;
        if (!settings.user.empty()) made.request.password = host.secret();
        return judged(settings, latchkey::plugin::ask(made.request, host.time_left()));
    }
};

}  // namespace

LATCHKEY_DELIVERY(SmsHttp, LATCHKEY_VERSION);
