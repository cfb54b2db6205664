// SPDX-License-Identifier: MIT
#pragma once

#include <ctime>
#include <map>
#include <stdexcept>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"

namespace latchkey {

inline constexpr const char* kPhone = "+4917012345678";
inline constexpr const char* kPhoneSecret = "correct horse";
inline constexpr const char* kPhoneText =
    "4711 0815 is your recovery code for example. It is valid for 5 minutes.";

// A code for a telephone, valid for five minutes from now.
[[nodiscard]] inline wire::ChannelCall message_to_phone(const std::string& number = kPhone) {
    wire::ChannelCall call = delivery_to(number);
    call.short_text = Secret{kPhoneText};
    call.code = Secret{"47110815"};
    call.expires_at = static_cast<std::uint64_t>(std::time(nullptr)) + 300;
    return call;
}

// The log of a channel never holds what was sent in confidence, and not because the host had
// to blot it out.
inline void check_silent(const std::string& said) {
    CAPTURE(said);
    for (const char* confidence :
         {"4711", "0815", "12345678", "17012", "correct", "horse", "Y29ycmVjdCBob3JzZQ", "[...]"})
        CHECK(said.find(confidence) == std::string::npos);
}

// One plugin in its sandbox, with the options of one channel.
struct PhoneChannel {
    using Options = std::map<std::string, std::string>;

    explicit PhoneChannel(const std::string& plugin)
        : workshop{{plugin}}, setup{workshop.setup(plugin, Profile::Network)} {}

    void use(const Options& options, std::string_view secret = kPhoneSecret) {
        setup.options.assign(options.begin(), options.end());
        setup.secret = Secret{secret};
    }
    wire::ChannelOutcome send(const wire::ChannelCall& call = message_to_phone()) {
        return told(workshop.call(setup, call));
    }
    wire::ChannelOutcome probe() { return told(workshop.channels(setup).probe("test")); }

    ChannelWorkshop workshop;
    wire::ChannelSetup setup;
    wire::ChannelReply reply;  // the last one

private:
    wire::ChannelOutcome told(Result<wire::ChannelReply> result) {
        if (!result) throw std::runtime_error{result.error().detail};
        reply = std::move(*result);
        return reply.outcome;
    }
};

}  // namespace latchkey
