// SPDX-License-Identifier: MIT
//
// A vault whose codes can be foretold and whose hashes cost nothing. It keeps
// the port's rules (a wrong key, place or byte does not open) and no secret.
#pragma once

#include <string>

#include "core/ports/vault.hpp"

namespace latchkey {

class FakeVault final : public Vault {
public:
    [[nodiscard]] Secret derive(const Secret& key, std::string_view purpose) const override {
        return Secret{as_text(hash("derive", key.reveal(), purpose, ""))};
    }

    [[nodiscard]] Digest digest(const Secret& key, std::string_view context,
                                std::string_view text) const override {
        return hash("digest", key.reveal(), context, text);
    }

    // A hash of everything, then the text with every bit turned, so that a search
    // of a store for what was sealed finds nothing.
    [[nodiscard]] std::string seal(const Secret& key, std::string_view bound_to,
                                   std::string_view plain) const override {
        return as_text(hash("seal", key.reveal(), bound_to, plain)) + turned(plain);
    }

    [[nodiscard]] Result<Secret> unseal(const Secret& key, std::string_view bound_to,
                                        std::string_view sealed) const override {
        const Error refused{ErrorKind::Corrupt, "unseal: wrong key, wrong place, or altered"};
        if (sealed.size() < sizeof(Digest)) return refused;
        const std::string plain = turned(sealed.substr(sizeof(Digest)));
        if (seal(key, bound_to, plain) != sealed) return refused;
        return Secret{plain};
    }

    // 0, 1, 2, ... modulo the bound: a code of eight digits is 01234567, the next 89012345.
    [[nodiscard]] std::uint32_t uniform(std::uint32_t bound) override {
        const std::uint32_t next = next_++;
        return (is_scattered ? scattered(next) : next) % bound;
    }
    // Where many codes are alive at once, so that no two of them are the same.
    bool is_scattered = false;

    [[nodiscard]] bool equal(std::string_view a, std::string_view b) const override {
        return a == b;
    }

    // The next uniform() starts again from here.
    void foretell(std::uint32_t next) { next_ = next; }

private:
    static std::uint32_t scattered(std::uint32_t number) {
        number = (number ^ (number >> 16U)) * 0x7feb352dU;
        number = (number ^ (number >> 15U)) * 0x846ca68bU;
        return number ^ (number >> 16U);
    }
    // FNV-1a over the parts with their lengths, once for every 8 bytes of the result.
    static Digest hash(std::string_view a, std::string_view b, std::string_view c,
                       std::string_view d) {
        Digest result{};
        for (std::size_t lane = 0; lane < 4; ++lane) {
            std::uint64_t state = 14695981039346656037ULL + lane;
            const auto mix = [&state](std::uint64_t byte) {
                state = (state ^ byte) * 1099511628211ULL;
            };
            for (const std::string_view part : {a, b, c, d}) {
                mix(part.size());
                for (const char byte : part) mix(static_cast<unsigned char>(byte));
            }
            for (std::size_t i = 0; i < 8; ++i)
                result[lane * 8 + i] = static_cast<std::uint8_t>(state >> (8 * i));
        }
        return result;
    }
    static std::string as_text(const Digest& digest) { return {digest.begin(), digest.end()}; }
    static std::string turned(std::string_view text) {
        std::string result{text};
        for (char& byte : result) byte = static_cast<char>(~byte);
        return result;
    }

    std::uint32_t next_ = 0;
};

}  // namespace latchkey
