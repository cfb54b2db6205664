// SPDX-License-Identifier: MIT
//
// The keys of the plugin voice-sip (plugins/voice-sip).
#pragma once

#include <string>

#include "config/settings_draft.hpp"
#include "core/result.hpp"

namespace latchkey {

// Precondition: channel.plugin is "voice-sip". `table` is "channel.NAME".
[[nodiscard]] Result<void> check_sip_options(const SettingsDraft& draft, const std::string& table,
                                             const ChannelSettings& channel);

}  // namespace latchkey
