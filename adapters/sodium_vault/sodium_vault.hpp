// SPDX-License-Identifier: MIT
#pragma once

#include "core/ports/vault.hpp"

namespace latchkey {

// libsodium behind the port: keyed BLAKE2b for keys and digests, each under a
// word of its own so that no output of one is an output of another;
// XChaCha20-Poly1305 with a random nonce for sealing.
//
// A key that is not 32 bytes long ends the process, as a dead random source
// does: both are faults of the program or the host, and there is no weaker way on.
class SodiumVault final : public Vault {
public:
    // Asks the kernel for random bytes once, so that a host without them is
    // noticed before anything depends on them. May wait for the pool of a host
    // that is just starting.
    SodiumVault();

    [[nodiscard]] Secret derive(const Secret& key, std::string_view purpose) const override;
    [[nodiscard]] Digest digest(const Secret& key, std::string_view context,
                                std::string_view text) const override;
    [[nodiscard]] std::string seal(const Secret& key, std::string_view bound_to,
                                   std::string_view plain) const override;
    [[nodiscard]] Result<Secret> unseal(const Secret& key, std::string_view bound_to,
                                        std::string_view sealed) const override;
    [[nodiscard]] std::uint32_t uniform(std::uint32_t bound) override;
    [[nodiscard]] bool equal(std::string_view a, std::string_view b) const override;
};

}  // namespace latchkey
