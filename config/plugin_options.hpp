// SPDX-License-Identifier: MIT
//
// The keys of the plugins that are part of latchkey, so that a mistake in them
// shows when the configuration is read and not when somebody needs a code. Keys
// of other plugins are handed to them as they are.
#pragma once

#include <string>

#include "config/settings_draft.hpp"
#include "core/result.hpp"

namespace latchkey {

// `table` is "channel.NAME".
[[nodiscard]] Result<void> check_plugin_options(const SettingsDraft& draft,
                                                const std::string& table,
                                                const ChannelSettings& channel);

}  // namespace latchkey
