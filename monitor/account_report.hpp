// SPDX-License-Identifier: MIT
//
// How an account stands: who may recover it, by what, and what is missing.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "core/ports/clock.hpp"
#include "core/settings.hpp"
#include "monitor/account.hpp"
#include "monitor/admin_link.hpp"

namespace latchkey {

// Whom a report asks. Destinations are masked unless addresses are to be shown.
struct ReportSource {
    AdminLink& link;
    bool show_addresses = false;
};

// {"user", "uid", "eligible", "why_not", "privileged", "methods": [...], "saved_codes_left",
// "saved_codes_from", "saved_codes_until", "locked", "ways", "short_of_ways", "needed",
// "needed_at_console", "proofs": [...], "can_add": [...]}; "error"
// where the verifier said nothing of the methods.
[[nodiscard]] nlohmann::json account_report(const Account& account, const Settings& settings,
                                            const Secret& master_key, const Clock& clock,
                                            const ReportSource& source);

// What a verifier is told of an account that it is asked about.
[[nodiscard]] wire::AdminHello admin_hello(const Account& account, wire::AdminVerb verb,
                                           const Secret& master_key);

// "no", "yes", or "held" where only an administrator releases it.
[[nodiscard]] std::string lockout_of(const Account& account, const Clock& clock);

}  // namespace latchkey
