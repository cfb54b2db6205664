// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "adapters/process_channels/process_channels.hpp"
#include "core/settings.hpp"

namespace latchkey {

// How long a channel's host may take. `settings` outlives the result.
[[nodiscard]] inline ProcessChannels::DeadlineOf deadlines_of(const Settings& settings) {
    return [&settings](const std::string& channel) {
        const auto found = settings.channels.find(channel);
        return found == settings.channels.end() ? ProcessChannels::default_deadline(channel)
                                                : found->second.deadline;
    };
}

}  // namespace latchkey
