// SPDX-License-Identifier: MIT
#include "core/channel_health.hpp"

#include <algorithm>

namespace latchkey {

namespace {

// A time that lies ahead is one from before the clock was set back.
bool lies_within(TimePoint at, std::chrono::seconds past, TimePoint now) {
    return at <= now && now - at < past;
}

}  // namespace

bool may_be_probed(const ChannelHealth& health, TimePoint now) {
    return !lies_within(health.begun_at, kProbeInterval, now);
}

ChannelHealth after_probe(ChannelHealth health, bool works, TimePoint now) {
    const bool is_known = lies_within(health.probed_at, kHealthLasts, now);
    if (works || !is_known) health.failures = 0;
    if (!works && health.failures++ == 0) health.failing_since = now;
    health.probed_at = now;
    return health;
}

bool is_in_trouble(const ChannelHealth& health, TimePoint now) {
    return health.failures >= kProbesOfTrouble && lies_within(health.probed_at, kHealthLasts, now);
}

std::set<std::string> methods_in_trouble(const Settings& settings,
                                         std::span<const ChannelHealth> health, TimePoint now) {
    const auto fails = [&](const std::string& channel) {
        return std::any_of(health.begin(), health.end(), [&](const ChannelHealth& each) {
            return each.channel == channel && is_in_trouble(each, now);
        });
    };
    std::set<std::string> methods;
    for (const auto& [name, method] : settings.methods) {
        if (method.kind != MethodKind::Delivery || method.channels.empty()) continue;
        if (std::all_of(method.channels.begin(), method.channels.end(), fails))
            methods.insert(name);
    }
    return methods;
}

}  // namespace latchkey
