// SPDX-License-Identifier: MIT
//
// The menu of a subject that has nothing enrolled, so that its screens are like
// everybody's. A decoy is data: whoever handles a Method cannot tell.
#pragma once

#include <vector>

#include "core/ports/vault.hpp"
#include "core/recovery.hpp"
#include "core/secret.hpp"
#include "core/settings.hpp"

namespace latchkey {

// In menu order and never empty: each configured delivery method with a mask of
// plausible shape, now and then the authenticator app, always saved codes. Derived
// from `subkey` (32 bytes) alone, so that the same name has the same menu at
// every login; contact_id is 0, because the store has no row.
[[nodiscard]] std::vector<Method> decoy_methods(const Vault& vault, const Secret& subkey,
                                                const Settings& settings);

}  // namespace latchkey
