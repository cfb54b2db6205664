// SPDX-License-Identifier: MIT
//
// A new authenticator key, and the two forms in which an app takes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ports/vault.hpp"
#include "core/recovery.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "core/settings.hpp"

namespace latchkey {

inline constexpr std::size_t kOtpKeyBytes = 20;  // RFC 4226, section 4: the length of SHA-1

// Random bytes, raw.
[[nodiscard]] Secret fresh_otp_key(Vault& vault);

// RFC 4648 base 32 without padding. Unavailable: no memory.
[[nodiscard]] Result<Secret> base32(const Secret& key);

// otpauth://totp/HOST:ACCOUNT?secret=...: SHA-1, six digits and 30 s, because
// common apps ignore other values; otpauth://hotp/... begins with the counter 0. Every
// byte of host and account that a URI may not hold is percent-encoded.
[[nodiscard]] Secret otpauth_uri(OtpKind kind, std::string_view host, std::string_view account,
                                 const Secret& key_base32);

// The step that an authenticator with this key keeps when `typed` was its code: an app's time
// step, or how far a token's counter is. Nothing: it is no code of now, or none of the first.
[[nodiscard]] std::optional<std::uint64_t> matched_step(OtpKind kind, const Secret& key,
                                                        std::string_view typed, TimePoint now);

// The method that checks the codes of apps ("totp") or tokens ("hotp"), whatever the
// configuration calls it. Empty: there is none.
[[nodiscard]] std::string authenticator_method(const Settings& settings, std::string_view wish);

}  // namespace latchkey
