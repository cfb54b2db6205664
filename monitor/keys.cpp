// SPDX-License-Identifier: MIT
#include "monitor/keys.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "monitor/account.hpp"

namespace latchkey {

namespace {

constexpr unsigned kBuckets = 4096;

bool is_bucket(const SubjectKey& subject) {
    return subject.starts_with('#');
}

}  // namespace

Secret subject_key(const Secret& master_key, const SubjectKey& subject,
                   const std::string& typed_name) {
    const SodiumVault vault;
    Secret key = vault.derive(master_key, "subject|" + subject);
    if (is_bucket(subject)) key = vault.derive(key, "name|" + typed_name);
    return key;
}

Secret outbox_key(const Secret& subject_key) {
    return SodiumVault{}.derive(subject_key, "outbox");
}

Secret saved_code_key(const Secret& master_key, const SubjectKey& subject) {
    return SodiumVault{}.derive(master_key, "saved codes|" + subject);
}

Secret temporary_pass_key(const Secret& master_key, const SubjectKey& subject) {
    return SodiumVault{}.derive(master_key, "temporary passes|" + subject);
}

std::chrono::microseconds reply_jitter(const Secret& master_key, const std::string& typed_name) {
    const Digest digest = SodiumVault{}.digest(master_key, "reply jitter", typed_name);
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8U | digest[i];
    constexpr std::chrono::microseconds below{kMaxReplyJitter};
    return std::chrono::microseconds{number % below.count()};
}

Secret audit_key(const Secret& master_key) {
    return SodiumVault{}.derive(master_key, "audit");
}

SubjectKey bucket_of(const std::string& typed_name, const Secret& master_key) {
    const Digest digest = SodiumVault{}.digest(master_key, "bucket", typed_name);
    // 4,096 divides 65,536, so every bucket is equally likely.
    const unsigned number = (unsigned{digest[0]} << 8U | unsigned{digest[1]}) % kBuckets;
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "#%04u", number);
    return text.data();
}

}  // namespace latchkey
