// SPDX-License-Identifier: MIT
#include "cli/channel_call.hpp"

#include <chrono>

#include "adapters/system/seqpacket.hpp"
#include "cli/test_message.hpp"
#include "core/printable.hpp"
#include "monitor/channel_start.hpp"

namespace latchkey::cli {

namespace {

Result<void> judged(const wire::ChannelReply& reply) {
    if (was_taken(reply)) return {};
    return Error{ErrorKind::Rejected,
                 "the test message was not taken: " + escaped(reply.for_log.substr(0, 512)) +
                     "; mend [channel.email] in /etc/latchkey"};
}

}  // namespace

Result<wire::ChannelReply> call_channel(const Settings& settings, const std::string& channel,
                                        const wire::ChannelCall& call) {
    auto started = start_channel(settings, channel);
    if (!started) return std::move(started).error();
    Seqpacket link{std::move(started->socket)};
    if (auto sent = link.send_message(call); !sent) return std::move(sent).error();
    const auto patience = settings.channels.at(channel).deadline + std::chrono::seconds{2};
    auto reply =
        link.receive_message<wire::ChannelReply>(std::chrono::steady_clock::now() + patience);
    if (reply) return reply;
    return Error{ErrorKind::Unavailable,
                 "the channel " + channel + " did not answer in time; is its server there?"};
}

Result<void> send_test_message(const Settings& settings, const std::string& address) {
    const auto method = settings.methods.find("email");
    if (method == settings.methods.end() || method->second.channels.empty()) {
        return Error{ErrorKind::Misconfigured, "no channel is configured for e-mail"};
    }
    const auto reply = call_channel(settings, method->second.channels.front(),
                                    test_message_to(address, "latchkey setup"));
    if (!reply) return Error{reply.error()};
    return judged(*reply);
}

}  // namespace latchkey::cli
