// SPDX-License-Identifier: MIT
//
// [method.NAME]: what a menu offers, and the channels that carry or check it.
#pragma once

#include "config/settings_draft.hpp"
#include "core/result.hpp"

namespace latchkey {

// Precondition: written.path[0] == "method".
[[nodiscard]] Result<void> apply_method_key(SettingsDraft& draft, const Written& written);

}  // namespace latchkey
