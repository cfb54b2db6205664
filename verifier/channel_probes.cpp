// SPDX-License-Identifier: MIT
#include "verifier/channel_probes.hpp"

#include <algorithm>
#include <set>

#include "core/printable.hpp"

namespace latchkey {

using wire::ChannelOutcome;

namespace {

std::set<std::string> delivering_channels(const Settings& settings) {
    std::set<std::string> channels;
    for (const auto& [name, method] : settings.methods)
        if (method.kind == MethodKind::Delivery)
            channels.insert(method.channels.begin(), method.channels.end());
    std::erase_if(channels,
                  [&](const std::string& name) { return !settings.channels.contains(name); });
    return channels;
}

ChannelHealth known_of(const std::vector<ChannelHealth>& all, const std::string& channel) {
    for (const ChannelHealth& health : all)
        if (health.channel == channel) return health;
    return {channel, {}, {}, {}, 0};
}

}  // namespace

void ChannelProbes::run() {
    const TimePoint end = ports_.clock.now() + kRunLength;
    const auto channels = in_turn();
    if (!channels) {
        failed(channels.error());
        return;
    }
    for (const ChannelHealth& health : *channels) {
        const auto deadline = settings_.channels.at(health.channel).deadline;
        if (ports_.clock.now() + deadline <= end && !ask(health)) return;
    }
}

Result<std::vector<ChannelHealth>> ChannelProbes::in_turn() {
    const auto known = ports_.store.channel_health();
    if (!known) return Error{known.error()};
    std::vector<ChannelHealth> channels;
    for (const std::string& name : delivering_channels(settings_))
        channels.push_back(known_of(*known, name));
    std::stable_sort(
        channels.begin(), channels.end(),
        [](const ChannelHealth& a, const ChannelHealth& b) { return a.begun_at < b.begun_at; });
    return channels;
}

bool ChannelProbes::ask(const ChannelHealth& before) {
    const auto begun = ports_.store.begin_probe(before.channel, ports_.clock.now());
    if (!begun) return failed(begun.error());
    if (!*begun) return true;
    const auto reply = ports_.probe(before.channel);
    if (!reply) return false;
    if (reply->outcome == ChannelOutcome::CannotTell) return true;
    const bool works = reply->outcome == ChannelOutcome::Accepted;
    const TimePoint now = ports_.clock.now();
    if (const auto recorded = ports_.store.record_probe(before.channel, works, now); !recorded)
        return failed(recorded.error());
    note(before, after_probe(before, works, now), reply->for_log);
    return true;
}

// Once when a channel falls into trouble and once when it is out of it.
void ChannelProbes::note(const ChannelHealth& before, const ChannelHealth& after,
                         const std::string& why) {
    const TimePoint now = ports_.clock.now();
    const bool is_marked = is_in_trouble(after, now);
    if (is_in_trouble(before, now) == is_marked) return;
    ports_.log.record(is_marked ? Severity::Warning : Severity::Info,
                      (is_marked ? "probes fail channel=" : "probes succeed again channel=") +
                          before.channel + " why=" + in_quotes(why));
}

bool ChannelProbes::failed(const Error& error) {
    ports_.log.record(Severity::Alarm, "cannot probe channels why=" + in_quotes(error.detail));
    return false;
}

}  // namespace latchkey
