// SPDX-License-Identifier: MIT
//
// The email plugin in its sandbox, and one message with a code for it.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"

namespace latchkey {

using MailOptions = std::map<std::string, std::string>;

[[nodiscard]] inline wire::ChannelCall code_delivery() {
    auto call = delivery_to("ada@example.org");
    call.code = Secret{"47110815"};
    return call;
}

struct EmailChannel {
    ChannelWorkshop workshop{{"email"}};
    wire::ChannelSetup setup = workshop.setup("email", Profile::Network);

    void use(const MailOptions& options, std::string_view secret = {}) {
        setup.options.assign(options.begin(), options.end());
        setup.secret = Secret{secret};
    }
    wire::ChannelReply send(const wire::ChannelCall& call) {
        auto reply = workshop.call(setup, call);
        if (!reply) throw std::runtime_error{reply.error().detail};
        return std::move(*reply);
    }
    wire::ChannelReply send() { return send(code_delivery()); }
};

// The log of a channel never holds what was sent in confidence.
inline void check_silent(const wire::ChannelReply& reply) {
    CHECK(reply.for_log.find("4711") == std::string::npos);
    CHECK(reply.for_log.find("0815") == std::string::npos);
    CHECK(reply.for_log.find("ada@example.org") == std::string::npos);
    CHECK(reply.for_log.find("correct horse") == std::string::npos);
}

}  // namespace latchkey
