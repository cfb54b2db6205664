// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "core/recovery.hpp"
#include "core/secret.hpp"

namespace latchkey::cli {

// True if `typed` is the 6-digit TOTP (RFC 6238, SHA-1, 30 s) of the key now, or
// one step to either side. For the administrator who has just shown the key: it
// proves that the app has it and that the clocks agree, and records nothing.
// is_right_hotp(): one of the first codes of a token (RFC 4226) that begins with counter 0.
[[nodiscard]] bool is_right_otp(const Secret& key_base32, std::string_view typed, TimePoint now);
[[nodiscard]] bool is_right_hotp(const Secret& key_base32, std::string_view typed);

}  // namespace latchkey::cli
