// SPDX-License-Identifier: MIT
//
// The only place that knows toml++: a text becomes a flat list of written values.
#pragma once

#include <string>
#include <vector>

#include "config/settings_draft.hpp"
#include "core/result.hpp"

namespace latchkey {

// In the order of their lines. Misconfigured: not TOML, nested deeper than
// 8 tables, with bytes beyond ASCII elsewhere than on comment lines, or with more
// than 1,024 dots there.
[[nodiscard]] Result<std::vector<Written>> parse_toml(const std::string& text,
                                                      const std::string& file);

}  // namespace latchkey
