// SPDX-License-Identifier: MIT
//
// [method.NAME]: what a menu offers, and the channels that carry or check it.
#pragma once

#include "config/settings_draft.hpp"
#include "core/result.hpp"

namespace latchkey {

// Precondition: written.path[0] == "method".
[[nodiscard]] Result<void> apply_method_key(SettingsDraft& draft, const Written& written);

// Removes methods that were switched off (channels = []), then looks for what
// only shows when everything is read: labels that do not fit, channels that do
// not exist, verification that could leak its key.
[[nodiscard]] Result<void> check_methods(SettingsDraft& draft);

}  // namespace latchkey
