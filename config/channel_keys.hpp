// SPDX-License-Identifier: MIT
//
// [channel.NAME]: a plugin, the sandbox it runs in, and the plugin's own keys.
#pragma once

#include <vector>

#include "config/settings_draft.hpp"
#include "core/result.hpp"

namespace latchkey {

// Another plugin knows nothing of the keys of the one before: channels whose
// plugin is changed by `file` lose the options of the files before it.
void forget_options_of_replaced_plugins(SettingsDraft& draft, const std::vector<Written>& file);

// Precondition: written.path[0] == "channel".
[[nodiscard]] Result<void> apply_channel_key(SettingsDraft& draft, const Written& written);

// What only shows when everything is read: a missing plugin, and the keys of the
// plugins that are part of latchkey (config/plugin_options.hpp).
[[nodiscard]] Result<void> check_channels(const SettingsDraft& draft);

}  // namespace latchkey
