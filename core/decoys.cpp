// SPDX-License-Identifier: MIT
#include "core/decoys.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/masks.hpp"
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

Method delivery(const std::string& name, const Digest& digest) {
    const std::string_view domain = kDomains[drawn(digest, 0, kDomains.size())];
    std::string address{kFirstSigns[drawn(digest, 1, kFirstSigns.size())]};
    address += kLastSigns[drawn(digest, 2, kLastSigns.size())];
    address += '@';
    address += domain;
    return Method{name, MethodKind::Delivery, possession_of_address(address),
                  masked_address(address), 0};
}

// Of every 8 accounts about 3 have an app.
bool has_app(const Digest& digest) {
    return drawn(digest, 3, 8) < 3;
}

}  // namespace

std::vector<Method> decoy_methods(const Vault& vault, const Secret& subkey,
                                  const Settings& settings) {
    const Secret key = vault.derive(subkey, "decoy");
    std::vector<Method> result;
    for (const std::string& name : methods_in_menu_order(settings)) {
        if (name == kSavedMethod) {
            result.push_back({name, MethodKind::SavedCode, "saved", "", 0});
            continue;
        }
        const Digest digest = vault.digest(key, "decoy", name);
        switch (settings.methods.at(name).kind) {
            case MethodKind::Delivery:
                result.push_back(delivery(name, digest));
                break;
            case MethodKind::Verification:
                if (has_app(digest))
                    result.push_back({name, MethodKind::Verification, "app", "", 0});
                break;
            case MethodKind::SavedCode:
                break;  // only "saved" is one
        }
    }
    return result;
}

}  // namespace latchkey
