// SPDX-License-Identifier: MIT
#include "verifier/serve_delivery.hpp"

#include <string>

#include "core/printable.hpp"
#include "verifier/channel_deadlines.hpp"
#include "verifier/outbox_delivery.hpp"

namespace latchkey {

bool serve_delivery(MonitorLink& monitor, VerifierPorts ports, const Pause& pause) {
    const auto hello = monitor.greeting<wire::DeliverHello>();
    if (!hello || hello->version != wire::kVersion) {
        ports.log.record(Severity::Warning, "refused the monitor's greeting");
        wire::DeliverFinish nothing;
        nothing.ended_early = true;
        (void)monitor.say(nothing);
        return false;
    }
    ProcessChannels channels{
        [&monitor](const std::string& name) { return monitor.start_channel(name); }, [] {},
        deadlines_of(ports.settings)};
    OutboxDelivery delivery{
        ports.settings,
        {ports.store, ports.vault, ports.clock, ports.log,
         [&monitor](const SubjectKey& subject) { return monitor.outbox_key(subject); },
         [&channels](const std::string& channel, const wire::ChannelCall& call) {
             return channels.deliver(channel, call);
         },
         pause}};
    const wire::DeliverFinish done = delivery.run();
    // The one program that runs every minute on every host sweeps as well.
    if (auto pruned = ports.store.prune(ports.clock.now()); !pruned)
        ports.log.record(Severity::Warning,
                         "cannot prune the store why=" + in_quotes(pruned.error().detail));
    (void)monitor.say(done);
    return true;
}

}  // namespace latchkey
