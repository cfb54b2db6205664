// SPDX-License-Identifier: MIT
//
// A call over SIP that says a code digit by digit, or a notice: espeak-ng speaks, baresip calls
// (README.md). Options: server, port, transport, account, from, ca_file, prefix, voice,
// greeting. Needs profile = "program".
#include <string>

#include <latchkey/plugin.hpp>

#include "plugins/common/phone_message.hpp"
#include "plugins/common/program_run.hpp"
#include "plugins/common/trusted_path.hpp"
#include "plugins/voice-sip/call.hpp"
#include "plugins/voice-sip/sip_settings.hpp"
#include "plugins/voice-sip/speech.hpp"

namespace {

using latchkey::plugin::Host;
using latchkey::plugin::Message;
using latchkey::plugin::Outcome;
using latchkey::plugin::Reply;
using latchkey::sip::SipSettings;

// Why the programs cannot be run; empty: they can.
std::string refusal_of_programs() {
    for (const std::string program : {latchkey::sip::kEspeak, latchkey::sip::kBaresip})
        if (const auto refusal = latchkey::plugin::refusal_of_program(program); !refusal.empty())
            return std::string{program}.append(": ").append(refusal).append(
                "; install baresip-core and espeak-ng");
    return {};
}

std::optional<latchkey::sip::Words> words_of(const SipSettings& settings, const Message& message) {
    if (message.code.empty())
        return latchkey::sip::words_of_notice(settings.voice, message.short_text);
    return latchkey::sip::words_of_code(settings.voice, settings.greeting, message.code);
}

class VoiceSip final : public latchkey::plugin::Delivery {
public:
    Reply deliver(const Host& host, const Message& message) override {
        const auto read = latchkey::sip::read_settings(host);
        if (!read.settings) return {Outcome::Misconfigured, read.refusal};
        if (const auto refusal = refusal_of_programs(); !refusal.empty())
            return {Outcome::Misconfigured, refusal};
        if (auto objection = latchkey::plugin::objection_to(message)) return *objection;
        const auto words = words_of(*read.settings, message);
        if (!words) return {Outcome::Permanent, "the message holds what no voice can say"};
        if (!latchkey::sip::is_time_for_call(host.time_left())) return latchkey::sip::no_time();
        const auto speech = latchkey::sip::speak(*words, host.time_left());
        if (!speech.samples) return speech.failure;
        return latchkey::sip::call(*read.settings, message.to,
                                   latchkey::sip::twice(*speech.samples), host.time_left());
    }
};

}  // namespace

LATCHKEY_DELIVERY(VoiceSip, LATCHKEY_VERSION);
