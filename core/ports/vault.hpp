// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/secret.hpp"

namespace latchkey {

using Digest = std::array<std::uint8_t, 32>;

// Port: keyed hashes, sealing and randomness. Every key is a Secret of 32 bytes.
// Real: adapters/sodium_vault. Fake: tests/support/fake_vault.hpp (predictable
// codes). Failures of the random source end the process: there is no weaker way on.
class Vault {
public:
    static constexpr std::size_t kKeyBytes = 32;

    virtual ~Vault() = default;

    // A key of its own for one purpose; the parent cannot be computed from it.
    [[nodiscard]] virtual Secret derive(const Secret& key, std::string_view purpose) const = 0;

    // Keyed hash of `text` in `context` (for instance "code|RECOVERY|METHOD").
    [[nodiscard]] virtual Digest digest(const Secret& key, std::string_view context,
                                        std::string_view text) const = 0;

    // Authenticated encryption; `bound_to` names account and row, so that a
    // sealed field copied elsewhere does not open.
    [[nodiscard]] virtual std::string seal(const Secret& key, std::string_view bound_to,
                                           std::string_view plain) const = 0;
    // Corrupt: wrong key, wrong place, or altered.
    [[nodiscard]] virtual Result<Secret> unseal(const Secret& key, std::string_view bound_to,
                                                std::string_view sealed) const = 0;

    // Uniform in [0, bound). Precondition: bound > 0.
    [[nodiscard]] virtual std::uint32_t uniform(std::uint32_t bound) = 0;

    // Takes the same time whatever differs.
    [[nodiscard]] virtual bool equal(std::string_view a, std::string_view b) const = 0;
};

}  // namespace latchkey
