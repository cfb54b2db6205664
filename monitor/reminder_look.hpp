// SPDX-License-Identifier: MIT
//
// How many ways back an account has, and what its owner is reminded of.
#pragma once

#include <nlohmann/json.hpp>

#include "core/reminding.hpp"
#include "core/settings.hpp"

namespace latchkey {

// From an account_report().
[[nodiscard]] WaysBack ways_back_in(const nlohmann::json& report, const Settings& settings);

}  // namespace latchkey
