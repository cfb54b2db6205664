// SPDX-License-Identifier: MIT
//
// A text message over the sendsms service of Kannel's smsbox. Options: url, user, from, smsc,
// ca_file; the secret is the user's password (README.md, latchkey.toml(5)).
#include <algorithm>
#include <ctime>
#include <string>

#include <latchkey/plugin.hpp>

#include "plugins/common/form.hpp"
#include "plugins/common/gateway_options.hpp"
#include "plugins/common/http_client.hpp"
#include "plugins/common/phone_message.hpp"
#include "plugins/common/validity.hpp"

namespace {

using latchkey::plugin::FormFields;
using latchkey::plugin::Gateway;
using latchkey::plugin::Host;
using latchkey::plugin::HttpAnswer;
using latchkey::plugin::HttpRequest;
using latchkey::plugin::Message;
using latchkey::plugin::Outcome;
using latchkey::plugin::Reply;

constexpr std::chrono::hours kLongestValidity{24};

struct Kannel {
    Gateway gateway;
    FormFields fields;    // what every request begins with
    std::string refusal;  // not empty: which option is wrong and why
};

Kannel read_options(const Host& host) {
    Kannel kannel;
    const std::string user{host.option("user").value_or("")};
    auto read = latchkey::plugin::read_gateway(host, user, "");
    const std::string from{host.option("from").value_or("")};
    if (!read.gateway) {
        kannel.refusal = read.refusal;
    } else if (user.empty()) {
        kannel.refusal = "option user is not set";
    } else if (!from.empty() && !latchkey::plugin::is_sender(from)) {
        kannel.refusal =
            "option from must be a phone number such as +15005550006, a short code or "
            "a name of at most 11 characters";
    } else {
        kannel.gateway = std::move(*read.gateway);
        kannel.fields = {{"username", user}, {"password", kannel.gateway.secret}};
        if (!from.empty()) kannel.fields.emplace_back("from", from);
        if (const auto smsc = host.option("smsc")) kannel.fields.emplace_back("smsc", *smsc);
    }
    return kannel;
}

// Printable ASCII without '`' can be sent in GSM 03.38's seven bits, 160 of them in one
// message; anything else takes UCS-2.
bool fits_seven_bits(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c >= 0x20 && c < 0x7f && c != '`'; });
}

HttpAnswer ask(const Kannel& kannel, const FormFields& fields, std::chrono::milliseconds time) {
    HttpRequest request;
    request.url = kannel.gateway.url + '?' + latchkey::plugin::form_of(fields);
    request.ca_file = kannel.gateway.ca_file;
    return latchkey::plugin::ask(request, time);
}

// "0: Accepted for delivery", "3: Queued for later delivery": a digit and a colon.
Reply judged(HttpAnswer answer) {
    if (answer.status == 404) answer.reply.outcome = Outcome::Misconfigured;  // not sendsms
    if (answer.status == 400 && answer.body.starts_with("Sender missing"))
        return {Outcome::Misconfigured, "Kannel knows no default sender; set the option from"};
    if (answer.reply.outcome != Outcome::Accepted) return answer.reply;
    if (answer.body.starts_with("0:")) return {Outcome::Accepted, "taken by Kannel"};
    if (answer.body.starts_with("3:"))
        return {Outcome::Queued, "queued by Kannel until a connection to the operator is up"};
    return {Outcome::Temporary, "the gateway's answer is none of Kannel's"};
}

class SmsKannel final : public latchkey::plugin::Delivery, public latchkey::plugin::Probe {
public:
    // A message without a recipient: Kannel looks at the login first, then refuses it.
    Reply probe(const Host& host) override {
        const Kannel kannel = read_options(host);
        if (!kannel.refusal.empty()) return {Outcome::Misconfigured, kannel.refusal};
        HttpAnswer answer = ask(kannel, kannel.fields, host.time_left());
        if (answer.status == 400) return {Outcome::Accepted, "Kannel takes this login"};
        // A yes to nothing is no answer of Kannel's.
        if (answer.reply.outcome == Outcome::Accepted)
            return {Outcome::Misconfigured, "the url is no sendsms service of Kannel"};
        return judged(std::move(answer));
    }
    Reply deliver(const Host& host, const Message& message) override {
        const Kannel kannel = read_options(host);
        if (!kannel.refusal.empty()) return {Outcome::Misconfigured, kannel.refusal};
        if (auto objection = latchkey::plugin::objection_to(message)) return *objection;
        const auto left = latchkey::plugin::validity(
            message.expires_at, static_cast<std::uint64_t>(std::time(nullptr)), kLongestValidity);
        FormFields fields = kannel.fields;
        fields.emplace_back("to", message.to);
        fields.emplace_back("text", message.short_text);
        fields.emplace_back("charset", "UTF-8");
        fields.emplace_back("coding", fits_seven_bits(message.short_text) ? "0" : "2");
        fields.emplace_back("validity", std::to_string(latchkey::plugin::in_minutes(left).count()));
        return judged(ask(kannel, fields, host.time_left()));
    }
};

}  // namespace

LATCHKEY_DELIVERY(SmsKannel, LATCHKEY_VERSION);
