// SPDX-License-Identifier: MIT
#include "verifier/enrollable_address.hpp"

#include <algorithm>
#include <utility>

#include "core/addresses.hpp"
#include "core/phone_numbers.hpp"

namespace latchkey {

namespace {

std::string_view what_is_wanted(Medium medium) {
    switch (medium) {
        case Medium::Email:
            return "that is not a plain e-mail address; give it as LOCAL@DOMAIN in ASCII, "
                   "an internationalised domain in its xn-- form";
        case Medium::Text:
        case Medium::Call:
            return "that is not a telephone number; give it as +49 170 1234567, or set "
                   "phone_country in latchkey.toml and leave the country out";
        case Medium::Other:
            break;
    }
    return "that is not an address; give 6 to 254 printable signs without a blank";
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

// Mail of this host itself, or of a domain that the administrator has named.
bool is_own_mailbox(const Settings& settings, const std::string& host_name,
                    const std::string& address) {
    const auto& own = settings.own_mail_domains;
    return is_mailbox_at(address, host_name) ||
           std::any_of(own.begin(), own.end(),
                       [&](const std::string& domain) { return is_mailbox_at(address, domain); });
}

// A contact has a mailbox there with a password of their own, unless it is the account's, with
// or without a tag: "ada", "ada+codes".
bool is_accounts_own(std::string_view address, std::string_view account_name) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    std::string_view local = address.substr(0, address.rfind('@'));
    local = local.substr(0, local.find('+'));
    return std::equal(local.begin(), local.end(), account_name.begin(), account_name.end(),
                      [&](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace

Result<std::string> enrollable_address(const Settings& settings, const EnrolledBy& whose,
                                       const MethodSettings& method, std::string_view given) {
    auto address = checked_address(method.medium, given, settings.phone_country);
    if (!address) return Error{ErrorKind::Rejected, std::string{what_is_wanted(method.medium)}};
    if (is_telephone(method.medium) && is_premium_number(*address))
        return Error{ErrorKind::Rejected,
                     "that number is billed to whoever calls or writes to it; give another"};
    if (is_telephone(method.medium) && !is_allowed_number(*address, method.countries))
        return Error{ErrorKind::Rejected, "codes by this method go to numbers in " +
                                              listed(method.countries) +
                                              " only; give another, or see countries in "
                                              "latchkey.toml(5)"};
    const bool is_anothers =
        method.recovery_contact && !is_accounts_own(*address, whose.account_name);
    if (method.medium == Medium::Email && !is_anothers &&
        is_own_mailbox(settings, whose.host_name, *address))
        return Error{ErrorKind::Rejected,
                     "the password that may be lost opens that mailbox; give an address "
                     "elsewhere, or see own_mail_domains in latchkey.toml(5)"};
    return std::move(*address);
}

}  // namespace latchkey
