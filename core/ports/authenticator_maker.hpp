// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/recovery.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace latchkey {

// Port: keys of apps and tokens that are being enrolled. Real: verifier/serve_change.cpp.
// Fake: tests/support/fake_authenticator_maker.hpp.
class AuthenticatorMaker {
public:
    virtual ~AuthenticatorMaker() = default;

    // A fresh key (raw bytes), shown to the person this one time. Unavailable: it could not be.
    [[nodiscard]] virtual Result<Secret> show_new_key(OtpKind kind) = 0;

    // The time step or counter of which `typed` is the code. Nothing: it is none of now.
    [[nodiscard]] virtual std::optional<std::uint64_t> matched_step(OtpKind kind, const Secret& key,
                                                                    std::string_view typed,
                                                                    TimePoint now) const = 0;
};

}  // namespace latchkey
