// SPDX-License-Identifier: MIT
//
// What a new password will not open, because the old one is the key to it: said before a reset,
// by the root side, to who has proven everything.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "monitor/account.hpp"
#include "monitor/claimant.hpp"

namespace latchkey {

struct ResetCosts {
    bool gnome_keyring = false;
    bool kwallet = false;
    bool ecryptfs = false;
    bool fscrypt = false;
    [[nodiscard]] bool any() const { return gnome_keyring || kwallet || ecryptfs || fscrypt; }
};

// What lies in the account's home, seen with the account's rights and behind no link. What cannot
// be looked at costs nothing. The time that it took is gone from `patience`.
[[nodiscard]] ResetCosts reset_costs(const Account& account, std::chrono::milliseconds& patience);

// Tells them, and asks for a plain "yes". False: the person does not want the reset, or is gone.
[[nodiscard]] bool accept_costs(const ResetCosts& costs, Claimant& claimant);

// The lines that tell them; pure.
[[nodiscard]] std::string text_of(const ResetCosts& costs);

}  // namespace latchkey
