// SPDX-License-Identifier: MIT
#include "core/addresses.hpp"

#include <algorithm>

#include "core/answers.hpp"
#include "core/masks.hpp"
#include "core/phone_numbers.hpp"

namespace latchkey {

namespace {

// Of a shorter one the mask would tell a third.
constexpr std::size_t kFewestBytesOfOther = 6;
constexpr std::size_t kPossessionBytes = 8;  // of the digest; an account has ten addresses

std::optional<std::string> checked_other(std::string_view text) {
    const bool fits = text.size() >= kFewestBytesOfOther && text.size() <= kMaxAddressBytes;
    const bool is_plain =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (!fits || !is_plain || masked_other(text).empty()) return std::nullopt;
    return std::string{text};
}

std::string hexadecimal(const Digest& digest) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < kPossessionBytes; ++i) {
        text += kHex[digest[i] >> 4];
        text += kHex[digest[i] & 0xf];
    }
    return text;
}

}  // namespace

std::optional<std::string> checked_address(Medium medium, std::string_view text,
                                           std::string_view country) {
    if (medium == Medium::Email) return checked_email_address(text);
    return is_telephone(medium) ? checked_phone_number(text, country) : checked_other(text);
}

std::string masked(Medium medium, std::string_view address) {
    if (medium == Medium::Email) return masked_address(address);
    return is_telephone(medium) ? masked_phone_number(address) : masked_other(address);
}

std::string possession_of(const Vault& vault, const Secret& subkey, Medium medium,
                          std::string_view address) {
    if (medium == Medium::Email) return possession_of_address(address);
    const Secret key = vault.derive(subkey, "possession");
    return is_telephone(medium) ? "phone:" + hexadecimal(vault.digest(key, "phone", address))
                                : "other:" + hexadecimal(vault.digest(key, "other", address));
}

bool is_mailbox_at(std::string_view address, std::string_view domain) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    const auto at = address.rfind('@');
    if (at == std::string_view::npos) return false;
    address.remove_prefix(at + 1);
    return std::equal(address.begin(), address.end(), domain.begin(), domain.end(),
                      [&](char a, char b) { return lower(a) == lower(b); });
}

bool means_address(const Vault& vault, Medium medium, std::string_view typed,
                   std::string_view stored, std::string_view country) {
    if (!is_telephone(medium)) return same_address(vault, typed, stored);
    const auto number = checked_phone_number(typed, country);
    return same_address(vault, number.value_or(std::string{}), stored);
}

}  // namespace latchkey
