// SPDX-License-Identifier: MIT
#pragma once

#include <ctime>
#include <map>
#include <stdexcept>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"

namespace latchkey {

inline constexpr const char* kRequest = "0123456789abcdef0123456789abcdef";
inline constexpr const char* kOtherRequest = "fedcba9876543210fedcba9876543210";

// One plugin that asks for approvals, in its sandbox, with the options of one channel. Each
// call is a process of its own, as on a host.
struct ApprovalChannel {
    using Options = std::map<std::string, std::string>;

    explicit ApprovalChannel(const std::string& plugin)
        : workshop{{plugin}}, setup{workshop.setup(plugin, Profile::Network)} {}

    void use(const Options& options, std::string_view secret) {
        setup.options.assign(options.begin(), options.end());
        setup.secret = Secret{secret};
    }

    // Remembers what the plugin wants kept of the request, as the verifier does.
    wire::ChannelOutcome begin(const std::string& to, const std::string& request = kRequest) {
        return call(wire::ChannelVerb::Begin, to, request);
    }
    wire::ChannelOutcome poll(const std::string& to, const std::string& request = kRequest) {
        return call(wire::ChannelVerb::Poll, to, request);
    }

    // What a device is told of the end of the last request that was begun.
    [[nodiscard]] std::string until() const {
        const auto at = static_cast<std::time_t>(expires_at);
        char line[64];
        std::strftime(line, sizeof line, "Answers count until %H:%M:%S UTC.\n", std::gmtime(&at));
        return line;
    }

    ChannelWorkshop workshop;
    wire::ChannelSetup setup;
    std::uint64_t expires_at = 0;
    std::string choices = "17 42 88";
    std::string subject = "Is that you, at example?";
    std::string text = "Somebody wants to get back into your account.\nIf it is not you, deny.\n";
    wire::ChannelReply reply;                     // the last one
    std::map<std::string, std::string> states{};  // of each request

private:
    wire::ChannelOutcome call(wire::ChannelVerb verb, const std::string& to,
                              const std::string& request) {
        wire::ChannelCall call;
        call.verb = verb;
        call.to = to;
        call.subject = subject;
        call.text = Secret{text};
        call.message_id = request;
        call.choices = choices;
        if (verb == wire::ChannelVerb::Poll) call.state = Secret{states[request]};
        call.now = static_cast<std::uint64_t>(std::time(nullptr));
        call.expires_at = call.now + 120;
        if (verb == wire::ChannelVerb::Begin) expires_at = call.expires_at;
        auto result = workshop.call(setup, call);
        if (!result) throw std::runtime_error{result.error().detail};
        reply = std::move(*result);
        states[request] = std::string{reply.state.reveal()};
        return reply.outcome;
    }
};

}  // namespace latchkey
