// SPDX-License-Identifier: MIT
#include "monitor/import_digest.hpp"

#include <array>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "monitor/row_text.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kNameBytes = 8;
constexpr std::string_view kImport = "import=";
constexpr std::string_view kDigest = "digest=";

std::string hex_of(const unsigned char* bytes, std::size_t size) {
    std::string hex(2 * size + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), bytes, size);
    hex.pop_back();
    return hex;
}

}  // namespace

ImportDigest::ImportDigest() {
    crypto_generichash_init(&state_, nullptr, 0, crypto_generichash_BYTES);
}

void ImportDigest::add(std::string_view whose) {
    // No two lists of rows read alike: whose_enrolment() holds no line end.
    const auto mix = [this](std::string_view text) {
        crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(text.data()),
                                  text.size());
    };
    mix(whose);
    mix("\n");
    ++rows_;
}

std::string ImportDigest::text() {
    std::array<unsigned char, crypto_generichash_BYTES> digest{};
    crypto_generichash_final(&state_, digest.data(), digest.size());
    return hex_of(digest.data(), digest.size());
}

std::string rule_of_import(const ImportRule& rule) {
    return std::string{kImport} + rule.import + ' ' + std::string{kDigest} + rule.digest;
}

std::optional<ImportRule> import_rule_in(std::string_view text) {
    const auto words = split(text, ' ');
    if (words.size() != 2 || !words[0].starts_with(kImport) || !words[1].starts_with(kDigest))
        return std::nullopt;
    return ImportRule{std::string{words[0].substr(kImport.size())},
                      std::string{words[1].substr(kDigest.size())}};
}

std::string fresh_import_name() {
    SodiumVault vault;
    std::array<unsigned char, kNameBytes> bytes{};
    for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(vault.uniform(256));
    return hex_of(bytes.data(), bytes.size());
}

}  // namespace latchkey
