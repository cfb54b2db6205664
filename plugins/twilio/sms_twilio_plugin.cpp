// SPDX-License-Identifier: MIT
//
// A text message over Twilio. Options: account, api_key, from or messaging_service, url,
// ca_file (README.md, latchkey.toml(5)).
#include <ctime>
#include <string>

#include <latchkey/plugin.hpp>

#include "plugins/common/phone_message.hpp"
#include "plugins/common/validity.hpp"
#include "plugins/twilio/twilio_account.hpp"

namespace {

using latchkey::plugin::FormFields;
using latchkey::plugin::Host;
using latchkey::plugin::Message;
using latchkey::plugin::Outcome;
using latchkey::plugin::Reply;

// What Twilio keeps a message for at most.
constexpr std::chrono::seconds kLongestValidity{14400};

bool is_messaging_service(std::string_view text) {
    constexpr std::size_t kLength = 34;
    return text.size() == kLength && text.starts_with("MG") &&
           text.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

// The field that says who it is from, or what is wrong.
struct Sender {
    std::pair<std::string, std::string> field;
    std::string refusal;
};

Sender sender_of(const Host& host, const std::string& from) {
    const std::string service{host.option("messaging_service").value_or("")};
    if (from.empty() == service.empty())
        return {{}, "exactly one of the options from and messaging_service must be set"};
    if (!service.empty() && !is_messaging_service(service))
        return {{}, "option messaging_service must be its SID, MG and 32 digits of 0-9a-f"};
    if (!from.empty() && !latchkey::plugin::is_sender(from))
        return {{},
                "option from must be a phone number such as +15005550006, a short code or a "
                "name of at most 11 characters"};
    if (!service.empty()) return {{"MessagingServiceSid", service}, {}};
    return {{"From", from}, {}};
}

class SmsTwilio final : public latchkey::plugin::Delivery, public latchkey::plugin::Probe {
public:
    Reply probe(const Host& host) override {
        const auto read = latchkey::twilio::read_account(host);
        if (!read.account) return {Outcome::Misconfigured, read.refusal};
        const Sender sender = sender_of(host, read.account->from);
        if (!sender.refusal.empty()) return {Outcome::Misconfigured, sender.refusal};
        return latchkey::twilio::knock(*read.account, host.time_left());
    }
    Reply deliver(const Host& host, const Message& message) override {
        const auto read = latchkey::twilio::read_account(host);
        if (!read.account) return {Outcome::Misconfigured, read.refusal};
        const Sender sender = sender_of(host, read.account->from);
        if (!sender.refusal.empty()) return {Outcome::Misconfigured, sender.refusal};
        if (auto objection = latchkey::plugin::objection_to(message)) return *objection;
        const auto left = latchkey::plugin::validity(
            message.expires_at, static_cast<std::uint64_t>(std::time(nullptr)), kLongestValidity);
        const FormFields fields{{"To", std::string{message.to}},
                                sender.field,
                                {"Body", std::string{message.short_text}},
                                {"ValidityPeriod", std::to_string(left.count())}};
        return latchkey::twilio::post(*read.account, "Messages", fields, message, host.time_left());
    }
};

}  // namespace

LATCHKEY_DELIVERY(SmsTwilio, LATCHKEY_VERSION);
