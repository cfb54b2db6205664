// SPDX-License-Identifier: MIT
#include "adapters/process_channels/process_channels.hpp"

#include <utility>

#include "adapters/system/seqpacket.hpp"
#include "core/printable.hpp"

namespace latchkey {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

// The host is killed at its deadline, which began a little before ours; this is
// for the reply of one that answers in its last moment.
constexpr seconds kGrace{1};
constexpr std::size_t kLongestLog = 512;

wire::ChannelCall call_of(const OtpQuestion& question) {
    wire::ChannelCall call;
    call.verb = wire::ChannelVerb::Verify;
    call.key = question.key.duplicate();
    call.answer = question.otp.duplicate();
    call.now = static_cast<std::uint64_t>(question.now.time_since_epoch().count());
    call.last_step = question.last_step;
    call.window = question.window;
    return call;
}

wire::ChannelCall call_of(const ApprovalCall& approval, wire::ChannelVerb verb) {
    wire::ChannelCall call;
    call.verb = verb;
    call.to = std::string{approval.to.reveal()};
    call.subject = approval.subject;
    call.text = Secret{approval.text};
    call.message_id = approval.request_id;
    call.choices = approval.choices;
    call.state = approval.state.duplicate();
    call.expires_at = static_cast<std::uint64_t>(approval.expires_at.time_since_epoch().count());
    call.now = static_cast<std::uint64_t>(approval.now.time_since_epoch().count());
    return call;
}

Error failure_of(const wire::ChannelReply& reply) {
    switch (reply.outcome) {
        case wire::ChannelOutcome::Misconfigured:
            return {ErrorKind::Misconfigured, reply.for_log};
        case wire::ChannelOutcome::Permanent:
        case wire::ChannelOutcome::NotTaken:
            return {ErrorKind::Rejected, reply.for_log};
        default:
            return {ErrorKind::Unavailable, reply.for_log};
    }
}

}  // namespace

ProcessChannels::ProcessChannels(StartChannel start_channel, std::function<void()> announce_due,
                                 DeadlineOf deadline_of)
    : start_channel_{std::move(start_channel)},
      announce_due_{std::move(announce_due)},
      deadline_of_{std::move(deadline_of)} {}

std::chrono::seconds ProcessChannels::default_deadline(const std::string&) {
    return seconds{10};
}

Result<std::optional<std::uint64_t>> ProcessChannels::verify(const OtpQuestion& question) {
    auto reply = call(std::string{question.channel}, call_of(question));
    if (!reply) return std::move(reply).error();
    switch (reply->outcome) {
        case wire::ChannelOutcome::Accepted:
            // A spent step is wrong, whatever a plugin says.
            if (reply->matched_step <= question.last_step) break;
            return std::optional{reply->matched_step};
        case wire::ChannelOutcome::Wrong:
            break;
        case wire::ChannelOutcome::Misconfigured:
            return Error{ErrorKind::Misconfigured, reply->for_log};
        default:
            return Error{ErrorKind::Unavailable, reply->for_log};
    }
    return std::optional<std::uint64_t>{};
}

Result<Secret> ProcessChannels::begin_approval(const ApprovalCall& approval) {
    auto reply = call(approval.channel, call_of(approval, wire::ChannelVerb::Begin));
    if (!reply) return std::move(reply).error();
    if (reply->outcome == wire::ChannelOutcome::Accepted ||
        reply->outcome == wire::ChannelOutcome::Queued)
        return std::move(reply->state);
    return failure_of(*reply);
}

Result<ApprovalAnswer> ProcessChannels::poll_approval(const ApprovalCall& approval) {
    using Kind = ApprovalAnswer::Kind;
    auto reply = call(approval.channel, call_of(approval, wire::ChannelVerb::Poll));
    if (!reply) return std::move(reply).error();
    switch (reply->outcome) {
        case wire::ChannelOutcome::Accepted:
            return ApprovalAnswer{Kind::Answered, std::move(reply->answer), {}};
        case wire::ChannelOutcome::Queued:
            return ApprovalAnswer{Kind::None, {}, std::move(reply->state)};
        case wire::ChannelOutcome::Wrong:
            return ApprovalAnswer{Kind::Denied, {}, {}};
        default:
            return failure_of(*reply);
    }
}

void ProcessChannels::send_due() {
    announce_due_();
}

Result<wire::ChannelReply> ProcessChannels::deliver(const std::string& channel,
                                                    const wire::ChannelCall& call) {
    return this->call(channel, call);
}

Result<wire::ChannelReply> ProcessChannels::probe(const std::string& channel) {
    wire::ChannelCall call;
    call.verb = wire::ChannelVerb::Probe;
    return this->call(channel, call);
}

Result<wire::ChannelReply> ProcessChannels::call(const std::string& channel,
                                                 const wire::ChannelCall& call) {
    const std::string context = "channel " + escaped(channel);
    auto packet = wire::encode(call);
    const bool fits = packet.size() <= wire::kMaxPacket;
    explicit_bzero(packet.data(), packet.size());
    if (!fits) return Error{ErrorKind::Rejected, context + ": the message is too long"};

    auto socket = start_channel_(channel);
    if (!socket) return std::move(socket).error().within(context);
    Seqpacket host{std::move(*socket)};
    const auto deadline = steady_clock::now() + deadline_of_(channel) + kGrace;
    auto sent = host.send_message(call);
    if (!sent) return std::move(sent).error().within(context);
    auto reply = host.receive_message<wire::ChannelReply>(deadline);
    if (!reply) return std::move(reply).error().within(context);
    reply->for_log = escaped(reply->for_log.substr(0, kLongestLog));
    return reply;
}

}  // namespace latchkey
