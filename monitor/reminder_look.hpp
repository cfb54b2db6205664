// SPDX-License-Identifier: MIT
//
// How many ways back an account has, and what its owner is reminded of.
#pragma once

#include <nlohmann/json.hpp>

#include "core/ports/event_log.hpp"
#include "core/reminding.hpp"
#include "core/settings.hpp"
#include "monitor/account.hpp"

namespace latchkey {

// From an account_report().
[[nodiscard]] WaysBack ways_back_in(const nlohmann::json& report, const Settings& settings);

// The ways have changed: what the next sign-in reminds of is looked for anew. That it cannot be
// is logged, and old reminders are told for a day at the most.
void have_next_sign_in_look(const Account& account, EventLog& log);

}  // namespace latchkey
