// SPDX-License-Identifier: MIT
#include "verifier/serve_probes.hpp"

#include <utility>

#include "verifier/channel_deadlines.hpp"
#include "verifier/channel_probes.hpp"

namespace latchkey {

namespace {

wire::ChannelReply reply_of(Result<wire::ChannelReply> reply) {
    if (reply) return std::move(*reply);
    wire::ChannelReply failure;
    failure.outcome = wire::ChannelOutcome::Temporary;
    failure.for_log = reply.error().detail;
    return failure;
}

}  // namespace

bool serve_probes(MonitorLink& monitor, VerifierPorts ports) {
    const auto hello = monitor.greeting<wire::DeliverHello>();
    if (!hello || hello->version != wire::kVersion) {
        ports.log.record(Severity::Warning, "refused the monitor's greeting");
        (void)monitor.say(wire::DeliverFinish{});
        return false;
    }
    ProcessChannels channels{
        [&monitor](const std::string& name) { return monitor.start_channel(name); }, [] {},
        deadlines_of(ports.settings)};
    const auto probe = [&](const std::string& channel) -> std::optional<wire::ChannelReply> {
        auto reply = channels.probe(channel);
        if (!reply && !monitor.usable()) return std::nullopt;
        return reply_of(std::move(reply));
    };
    ChannelProbes{ports.settings, {ports.store, ports.clock, ports.log, probe}}.run();
    (void)monitor.say(wire::DeliverFinish{});
    return true;
}

}  // namespace latchkey
