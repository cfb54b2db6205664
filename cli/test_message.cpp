// SPDX-License-Identifier: MIT
#include "cli/test_message.hpp"

#include <unistd.h>

#include <array>
#include <chrono>

#include "adapters/system/seqpacket.hpp"
#include "core/printable.hpp"
#include "monitor/channel_start.hpp"

namespace latchkey::cli {

namespace {

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "this host";
}

wire::ChannelCall message_to(const std::string& address) {
    const std::string host = host_name();
    wire::ChannelCall call;
    call.verb = wire::ChannelVerb::Deliver;
    call.to = address;
    call.subject = "Test message from " + host;
    call.text = Secret{"This is what latchkey setup on " + host +
                       " sends to see that codes can leave it.\nThere is nothing to do.\n"};
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    call.message_id = "latchkey-test-" + std::to_string(now) + "-" + std::to_string(::getpid());
    return call;
}

Result<void> judged(const wire::ChannelReply& reply) {
    if (reply.outcome == wire::ChannelOutcome::Accepted ||
        reply.outcome == wire::ChannelOutcome::Queued) {
        return {};
    }
    return Error{ErrorKind::Rejected,
                 "the test message was not taken: " + escaped(reply.for_log.substr(0, 512)) +
                     "; mend [channel.email] in /etc/latchkey"};
}

}  // namespace

Result<void> send_test_message(const Settings& settings, const std::string& address) {
    const auto method = settings.methods.find("email");
    if (method == settings.methods.end() || method->second.channels.empty()) {
        return Error{ErrorKind::Misconfigured, "no channel is configured for e-mail"};
    }
    const std::string& channel = method->second.channels.front();
    auto started = start_channel(settings, channel);
    if (!started) return std::move(started).error();
    Seqpacket link{std::move(started->socket)};
    if (auto sent = link.send_message(message_to(address)); !sent) return sent;
    const auto patience = settings.channels.at(channel).deadline + std::chrono::seconds{2};
    auto reply =
        link.receive_message<wire::ChannelReply>(std::chrono::steady_clock::now() + patience);
    if (!reply) {
        return Error{ErrorKind::Unavailable,
                     "the channel " + channel + " did not answer in time; is its server there?"};
    }
    return judged(*reply);
}

}  // namespace latchkey::cli
