// SPDX-License-Identifier: MIT
#include "core/decoys.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "core/addresses.hpp"
#include "core/gates.hpp"
#include "core/screens.hpp"

namespace latchkey {

namespace {

// Letters as often as names of people begin and end with them. A sign that
// stands more often in the text is drawn more often.
constexpr std::string_view kFirstSigns =
    "aaaabbbcccddeefghhiijjjjjkkklllmmmmmnnoppprrrsssstttuvwyz";
constexpr std::string_view kLastSigns =
    "aaaaaddeeeeehhiikklllmnnnnnnnoorrrrrrssssstttuvyyyyzz012357889";
// Domains that people have their private mail with, by the same rule.
constexpr std::array<std::string_view, 16> kDomains{
    "gmail.com",   "gmail.com",   "gmail.com",   "gmail.com",    "gmail.com", "gmail.com",
    "outlook.com", "hotmail.com", "hotmail.com", "yahoo.com",    "yahoo.com", "icloud.com",
    "proton.me",   "gmx.net",     "posteo.de",   "fastmail.com",
};

// A number below `bound`, read off 32 bits of the digest: so small a bound that
// the bias (below 2^-25) tells nothing.
std::size_t drawn(const Digest& digest, std::size_t lane, std::size_t bound) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = (value << 8) | digest[lane * 4 + i];
    return value % bound;
}

std::string drawn_mailbox(const Digest& digest) {
    std::string address{kFirstSigns[drawn(digest, 1, kFirstSigns.size())]};
    address += kLastSigns[drawn(digest, 2, kLastSigns.size())];
    address += '@';
    return address.append(kDomains[drawn(digest, 0, kDomains.size())]);
}

std::string drawn_number(const Digest& digest) {
    return "+4917000000" + std::string{static_cast<char>('0' + drawn(digest, 1, 10)),
                                       static_cast<char>('0' + drawn(digest, 2, 10))};
}

std::string drawn_address(Medium medium, const Digest& digest) {
    if (medium == Medium::Email || medium == Medium::Other) return drawn_mailbox(digest);
    return drawn_number(digest);
}

// One telephone for texts and calls, as people have it; the office's is another one, and so
// is another person's.
std::string_view lane_of(const MethodSettings& method, std::string_view name) {
    const bool is_own = name != "office" && !method.recovery_contact;
    return is_telephone(method.medium) && is_own ? "phone" : name;
}

// Everybody has mail; a telephone about 5 of 8 accounts, and somebody whom they trust about 2.
bool has_address(const MethodSettings& method, const Digest& digest) {
    if (method.recovery_contact) return drawn(digest, 3, 8) < 2;
    return method.medium == Medium::Email || drawn(digest, 3, 8) < 5;
}

// Of every 8 accounts about 3 have an app, of the others 1 in 8 a token, and nobody has both.
// Each by a digest of its own: a method that is configured later adds ways to decoys, and
// changes none that they had. Empty: neither.
std::string drawn_authenticator(const Vault& vault, const Secret& key, const Settings& settings) {
    for (const auto& [kind, holders] : {std::pair{OtpKind::Time, 3U}, {OtpKind::Counter, 1U}})
        for (const auto& [name, method] : settings.methods)
            if (method.kind == MethodKind::Verification && method.otp == kind &&
                drawn(vault.digest(key, "decoy", name), 3, 8) < holders)
                return name;
    return {};
}

}  // namespace

std::vector<Method> decoy_methods(const Vault& vault, const Secret& subkey,
                                  const Settings& settings) {
    const Secret key = vault.derive(subkey, "decoy");
    const std::string authenticator = drawn_authenticator(vault, key, settings);
    std::vector<Method> result;
    for (const std::string& name : methods_in_menu_order(settings)) {
        if (name == kSavedMethod) {
            result.push_back(saved_code_method());  // offered to everybody
            continue;
        }
        const MethodSettings& method = settings.methods.at(name);
        const std::string_view lane =
            method.kind == MethodKind::Delivery ? lane_of(method, name) : std::string_view{name};
        const Digest digest = vault.digest(key, "decoy", lane);
        switch (method.kind) {
            case MethodKind::Delivery:
                if (has_address(method, digest)) {
                    const std::string address = drawn_address(method.medium, digest);
                    result.push_back({name, MethodKind::Delivery,
                                      possession_of(vault, subkey, method.medium, address),
                                      masked(method.medium, address), 0});
                }
                break;
            case MethodKind::Verification:
                if (name == authenticator)
                    result.push_back({name, MethodKind::Verification, kDevicePossession, "", 0});
                break;
            case MethodKind::Approval:   // shown to nobody who has proven nothing
            case MethodKind::SavedCode:  // only "saved" is one
                break;
        }
    }
    return result;
}

}  // namespace latchkey
