// SPDX-License-Identifier: MIT
//
// A text message over Vonage (formerly Nexmo). Options: api_key, from, url, ca_file; the secret
// is the key's (README.md, latchkey.toml(5)).
#include <ctime>
#include <string>

#include <latchkey/plugin.hpp>

#include "plugins/common/gateway_options.hpp"
#include "plugins/common/http_client.hpp"
#include "plugins/common/json.hpp"
#include "plugins/common/phone_message.hpp"
#include "plugins/common/validity.hpp"
#include "plugins/sms-vonage/vonage_reply.hpp"

namespace {

using latchkey::plugin::Gateway;
using latchkey::plugin::Host;
using latchkey::plugin::Json;
using latchkey::plugin::Message;
using latchkey::plugin::Outcome;
using latchkey::plugin::Reply;

constexpr std::string_view kUsualUrl = "https://rest.nexmo.com";
// What Vonage takes: from 20 seconds to three days.
constexpr std::chrono::seconds kShortestValidity{20};
constexpr std::chrono::hours kLongestValidity{72};

struct Vonage {
    Gateway gateway;
    std::string from;
    std::string refusal;  // not empty: which option is wrong and why
};

Vonage read_options(const Host& host) {
    Vonage vonage;
    const std::string key{host.option("api_key").value_or("")};
    if (key.empty()) vonage.refusal = "option api_key is not set";
    vonage.from = host.option("from").value_or("");
    if (!latchkey::plugin::is_sender(vonage.from))
        vonage.refusal =
            "option from must be a phone number such as +15005550006, a short code or "
            "a name of at most 11 characters";
    auto read = latchkey::plugin::read_gateway(host, key, kUsualUrl);
    if (!read.gateway)
        vonage.refusal = read.refusal;
    else
        vonage.gateway = std::move(*read.gateway);
    return vonage;
}

// Vonage knows numbers without their '+'.
std::string without_plus(std::string_view number) {
    return std::string{
        latchkey::plugin::is_phone_number(number) ? latchkey::plugin::digits_of(number) : number};
}

class SmsVonage final : public latchkey::plugin::Delivery, public latchkey::plugin::Probe {
public:
    // Asks for the account's balance, which needs the same key.
    Reply probe(const Host& host) override {
        const Vonage vonage = read_options(host);
        if (!vonage.refusal.empty()) return {Outcome::Misconfigured, vonage.refusal};
        const auto request = vonage.gateway.request("GET", "/account/get-balance");
        return latchkey::plugin::ask(request, host.time_left()).reply;
    }
    Reply deliver(const Host& host, const Message& message) override {
        const Vonage vonage = read_options(host);
        if (!vonage.refusal.empty()) return {Outcome::Misconfigured, vonage.refusal};
        if (auto objection = latchkey::plugin::objection_to(message)) return *objection;
        auto request = vonage.gateway.request("POST", "/sms/json");
        request.headers = {"Content-Type: application/json", "Accept: application/json"};
        request.body = body_of(vonage, message);
        auto answer = latchkey::plugin::ask(request, host.time_left());
        if (answer.reply.outcome != Outcome::Accepted) return answer.reply;
        return latchkey::vonage::judged(answer.body, {message.code, message.to});
    }

private:
    static std::string body_of(const Vonage& vonage, const Message& message) {
        const auto left =
            std::max(latchkey::plugin::validity(message.expires_at,
                                                static_cast<std::uint64_t>(std::time(nullptr)),
                                                kLongestValidity),
                     kShortestValidity);
        const Json body{{"to", without_plus(message.to)},
                        {"from", without_plus(vonage.from)},
                        {"text", message.short_text},
                        {"ttl", std::chrono::milliseconds{left}.count()}};
        return body.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
};

}  // namespace

LATCHKEY_DELIVERY(SmsVonage, LATCHKEY_VERSION);
