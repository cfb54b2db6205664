// SPDX-License-Identifier: MIT
//
// The keys of the plugins for text messages and calls over a gateway (plugins/sms-*, twilio).
#pragma once

#include <string>

#include "config/settings_draft.hpp"
#include "core/result.hpp"

namespace latchkey {

// True if the plugin is one of them.
[[nodiscard]] bool is_phone_plugin(const std::string& plugin);

// Precondition: is_phone_plugin(channel.plugin). `table` is "channel.NAME".
[[nodiscard]] Result<void> check_phone_options(const SettingsDraft& draft, const std::string& table,
                                               const ChannelSettings& channel);

}  // namespace latchkey
