// SPDX-License-Identifier: MIT
//
// What holds between the keys of a method, its channels and the rest, when all is read.
#pragma once

#include "config/settings_draft.hpp"
#include "core/result.hpp"

namespace latchkey {

// Removes methods that were switched off (channels = []), then looks for what
// only shows when everything is read: labels that do not fit, channels that do
// not exist, verification that could leak its key.
[[nodiscard]] Result<void> check_methods(SettingsDraft& draft);

}  // namespace latchkey
