// SPDX-License-Identifier: MIT
//
// A call over Twilio that says a code digit by digit, or a notice. Options: account, api_key,
// from, key_press_url, url, ca_file (README.md, latchkey.toml(5)).
#include <string>

#include <latchkey/plugin.hpp>

#include "plugins/common/phone_message.hpp"
#include "plugins/twilio/spoken_message.hpp"
#include "plugins/twilio/twilio_account.hpp"

namespace {

using latchkey::plugin::FormFields;
using latchkey::plugin::Host;
using latchkey::plugin::Message;
using latchkey::plugin::Outcome;
using latchkey::plugin::Reply;

// It rings for half a minute, which is less than most mailboxes wait, and speaks for as long
// as ten digits need, twice.
constexpr const char* kRingSeconds = "25";
constexpr const char* kCallSeconds = "120";

// What is wrong with the options that only calls have; empty: nothing.
std::string objection_to_options(const Host& host, const latchkey::twilio::Account& account) {
    if (!latchkey::plugin::is_phone_number(account.from))
        return "option from must be a phone number such as +15005550006";
    const std::string url{host.option("key_press_url").value_or("")};
    if (url.empty()) return {};
    if (const std::string wrong = latchkey::plugin::objection_to_url(url); !wrong.empty())
        return "option key_press_url " + wrong;
    if (!url.starts_with("https://") || url.find('?') != std::string::npos)
        return "option key_press_url must be an https address without a '?'";
    return {};
}

std::optional<std::string> spoken(const Host& host, const Message& message) {
    if (message.code.empty()) return latchkey::twilio::spoken_notice(message.short_text);
    const auto url = host.option("key_press_url");
    if (url && !url->empty()) return latchkey::twilio::spoken_code_after_key(message.code, *url);
    return latchkey::twilio::spoken_code(message.code);
}

class VoiceTwilio final : public latchkey::plugin::Delivery, public latchkey::plugin::Probe {
public:
    Reply probe(const Host& host) override {
        const auto read = latchkey::twilio::read_account(host);
        if (!read.account) return {Outcome::Misconfigured, read.refusal};
        if (const std::string wrong = objection_to_options(host, *read.account); !wrong.empty())
            return {Outcome::Misconfigured, wrong};
        return latchkey::twilio::knock(*read.account, host.time_left());
    }
    Reply deliver(const Host& host, const Message& message) override {
        const auto read = latchkey::twilio::read_account(host);
        if (!read.account) return {Outcome::Misconfigured, read.refusal};
        if (const std::string wrong = objection_to_options(host, *read.account); !wrong.empty())
            return {Outcome::Misconfigured, wrong};
        if (auto objection = latchkey::plugin::objection_to(message)) return *objection;
        const auto words = spoken(host, message);
        if (!words) return {Outcome::Permanent, "the message holds what no voice can say"};
        const FormFields fields{{"To", std::string{message.to}},
                                {"From", read.account->from},
                                {"Twiml", *words},
                                {"Timeout", kRingSeconds},
                                {"TimeLimit", kCallSeconds}};
        return latchkey::twilio::post(*read.account, "Calls", fields, message, host.time_left());
    }
};

}  // namespace

LATCHKEY_DELIVERY(VoiceTwilio, LATCHKEY_VERSION);
