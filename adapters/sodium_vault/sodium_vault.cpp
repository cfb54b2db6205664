// SPDX-License-Identifier: MIT
#include "adapters/sodium_vault/sodium_vault.hpp"

#include <sodium.h>
#include <stdlib.h>
#include <sys/random.h>

#include <initializer_list>
#include <span>
#include <vector>

namespace latchkey {

namespace {

using Bytes = std::span<const unsigned char>;

constexpr char kSealVersion = 1;  // first byte of what seal() returns
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

static_assert(Vault::kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(std::tuple_size_v<Digest> == crypto_generichash_BYTES);

// libsodium speaks of unsigned char; the language lets both look at any byte.
Bytes bytes_of(std::string_view text) {
    return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

Bytes key_bytes(const Secret& key) {
    if (key.size() != Vault::kKeyBytes) ::abort();
    return bytes_of(key.reveal());
}

// Keyed BLAKE2b over the parts, each behind its length: no two lists of parts
// read as the same text.
Digest keyed_hash(Bytes key, std::initializer_list<std::string_view> parts) {
    crypto_generichash_state state;
    Digest result{};
    crypto_generichash_init(&state, key.data(), key.size(), result.size());
    for (const std::string_view part : parts) {
        std::array<unsigned char, 8> length{};
        for (std::size_t i = 0; i < length.size(); ++i)
            length.at(i) = static_cast<unsigned char>(part.size() >> (8 * i));
        crypto_generichash_update(&state, length.data(), length.size());
        crypto_generichash_update(&state, bytes_of(part).data(), part.size());
    }
    crypto_generichash_final(&state, result.data(), result.size());
    sodium_memzero(&state, sizeof state);
    return result;
}

Error does_not_open() {
    return {ErrorKind::Corrupt, "unseal: wrong key, wrong place, or altered"};
}

}  // namespace

SodiumVault::SodiumVault() {
    std::array<unsigned char, 16> probe{};
    if (::getrandom(probe.data(), probe.size(), 0) != static_cast<ssize_t>(probe.size()) ||
        sodium_init() < 0)
        ::abort();
}

Secret SodiumVault::derive(const Secret& key, std::string_view purpose) const {
    Digest derived = keyed_hash(key_bytes(key), {"latchkey v1 derive", purpose});
    Secret result{std::as_bytes(std::span{derived})};
    sodium_memzero(derived.data(), derived.size());
    return result;
}

Digest SodiumVault::digest(const Secret& key, std::string_view context,
                           std::string_view text) const {
    return keyed_hash(key_bytes(key), {"latchkey v1 digest", context, text});
}

std::string SodiumVault::seal(const Secret& key, std::string_view bound_to,
                              std::string_view plain) const {
    const Bytes secret_key = key_bytes(key);
    std::string sealed(1 + kNonceBytes + plain.size() + kTagBytes, '\0');
    sealed.front() = kSealVersion;
    unsigned char* nonce = bytes_of(sealed) + 1;
    randombytes_buf(nonce, kNonceBytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceBytes, nullptr, bytes_of(plain).data(),
                                               plain.size(), bytes_of(bound_to).data(),
                                               bound_to.size(), nullptr, nonce, secret_key.data());
    return sealed;
}

Result<Secret> SodiumVault::unseal(const Secret& key, std::string_view bound_to,
                                   std::string_view sealed) const {
    const Bytes secret_key = key_bytes(key);
    if (sealed.size() < 1 + kNonceBytes + kTagBytes || sealed.front() != kSealVersion)
        return does_not_open();
    const Bytes nonce = bytes_of(sealed).subspan(1, kNonceBytes);
    const Bytes box = bytes_of(sealed).subspan(1 + kNonceBytes);
    std::vector<unsigned char> plain(box.size() - kTagBytes);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain.data(), nullptr, nullptr, box.data(), box.size(), bytes_of(bound_to).data(),
            bound_to.size(), nonce.data(), secret_key.data()) != 0)
        return does_not_open();
    Secret opened{std::as_bytes(std::span{plain})};
    sodium_memzero(plain.data(), plain.size());
    return opened;
}

std::uint32_t SodiumVault::uniform(std::uint32_t bound) {
    return randombytes_uniform(bound);
}

// Digests of both sides are compared, so that texts of different lengths take
// the same way; the key is of this call alone.
bool SodiumVault::equal(std::string_view a, std::string_view b) const {
    std::array<unsigned char, kKeyBytes> once{};
    randombytes_buf(once.data(), once.size());
    const Digest left = keyed_hash(once, {a});
    const Digest right = keyed_hash(once, {b});
    return sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace latchkey
