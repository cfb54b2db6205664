// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include "core/settings.hpp"

namespace latchkey {

// What the configuration lets an account's owner set up, the usual first, whether or not it is
// there: [{"method", "needs"}], with "app", "token", "device", "contact", "email", "number" or
// "address" as what has to be at hand.
[[nodiscard]] nlohmann::json methods_here(const Settings& settings, bool privileged);

}  // namespace latchkey
