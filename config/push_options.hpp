// SPDX-License-Identifier: MIT
//
// The keys of the plugins that ask for approvals (plugins/push-*).
#pragma once

#include <string>

#include "config/settings_draft.hpp"
#include "core/result.hpp"

namespace latchkey {

// True if the plugin is one of them.
[[nodiscard]] bool is_push_plugin(const std::string& plugin);

// Precondition: is_push_plugin(channel.plugin). `table` is "channel.NAME".
[[nodiscard]] Result<void> check_push_options(const SettingsDraft& draft, const std::string& table,
                                              const ChannelSettings& channel);

}  // namespace latchkey
