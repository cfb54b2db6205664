// SPDX-License-Identifier: MIT
#include "monitor/program_channels.hpp"

#include <algorithm>

namespace latchkey {

bool runs_programs(const Settings& settings, const std::string& channel) {
    const auto found = settings.channels.find(channel);
    return found != settings.channels.end() && found->second.profile == Profile::Program;
}

bool runs_programs_only(const Settings& settings, const std::string& method) {
    const auto found = settings.methods.find(method);
    if (found == settings.methods.end() || found->second.kind != MethodKind::Delivery) return false;
    const auto& channels = found->second.channels;
    return std::all_of(channels.begin(), channels.end(), [&](const std::string& channel) {
        return runs_programs(settings, channel);
    });
}

bool is_way(const Settings& settings, const std::string& method, bool privileged) {
    const auto found = settings.methods.find(method);
    if (found == settings.methods.end()) return false;
    if (!privileged) return true;
    return found->second.kind != MethodKind::Approval && !runs_programs_only(settings, method);
}

}  // namespace latchkey
