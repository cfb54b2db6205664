// SPDX-License-Identifier: MIT
//
// Keys of apps and tokens that were not made here: root's file, or an owner's own app.
#pragma once

#include <string>

#include "core/change_wish.hpp"
#include "core/secret.hpp"
#include "core/settings.hpp"

namespace latchkey {

inline constexpr std::size_t kShortestOtpKey = 16;  // RFC 4226, section 4, R6; it advises 20
inline constexpr std::size_t kLongestOtpKey = 64;   // a block of SHA-1; longer is hashed to 20

// Empty if a key of so many bytes can be used; or what is wrong with it, and what to do.
[[nodiscard]] std::string objection_to_key_of(std::size_t bytes);

// The same of a key that comes with an owner's change: only an app's may. No key: no objection.
[[nodiscard]] std::string objection_to_own_key(const Settings& settings, ChangeWish wish,
                                               const std::string& method, const Secret& key);

}  // namespace latchkey
