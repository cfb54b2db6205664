// SPDX-License-Identifier: MIT
#include "core/phone_numbers.hpp"

#include <algorithm>
#include <array>

namespace latchkey {

namespace {

constexpr std::size_t kFewestDigits = 7;
constexpr std::size_t kMostDigits = 15;
// More than that nobody writes between the digits.
constexpr std::size_t kMaxTypedBytes = 64;
constexpr std::string_view kBetweenDigits = " -./()";
constexpr std::string_view kNorthAmerica = "+1";
constexpr std::size_t kNorthAmericanDigits = 10;

// Where a 0 in front of a number is dialled within the country alone, by the ITU's list of
// dialling procedures. Elsewhere it is part of the number (Italy), stands for nothing, or the
// prefix is another (06 in Hungary, 8 in Russia): there the country is asked for.
constexpr std::array<std::string_view, 38> kDropsZero{
    "+27",  "+31",  "+32",  "+33",  "+40",  "+41",  "+43",  "+44",  "+46",  "+49",
    "+60",  "+61",  "+62",  "+63",  "+64",  "+66",  "+81",  "+82",  "+84",  "+90",
    "+91",  "+92",  "+212", "+213", "+234", "+254", "+353", "+358", "+359", "+380",
    "+381", "+385", "+386", "+421", "+886", "+966", "+971", "+972"};

// Global services first, then premium ranges by country.
constexpr std::array<std::string_view, 22> kPremium{
    "+979",                                // international premium rate service
    "+870",   "+881",   "+882",   "+883",  // satellites and global networks
    "+1900",  "+1976",                     // North America
    "+31900", "+31906", "+31909",          // Netherlands
    "+3381",  "+3382",  "+3389",           // France
    "+39144", "+39892", "+39899",          // Italy
    "+4470",  "+4487",  "+449",            // United Kingdom
    "+49137", "+49180", "+49900",          // Germany
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool drops_zero(std::string_view country) {
    return std::find(kDropsZero.begin(), kDropsZero.end(), country) != kDropsZero.end();
}

// Digits, with a plus in front if there was one; empty if anything else is in it.
std::string compact(std::string_view text) {
    std::string result;
    if (text.size() > kMaxTypedBytes) return result;
    for (const char c : text) {
        if (kBetweenDigits.find(c) != std::string_view::npos) continue;
        const bool is_plus = c == '+' && result.empty();
        if (!is_digit(c) && !is_plus) return {};
        result += c;
    }
    return result;
}

}  // namespace

bool is_phone_number(std::string_view text) {
    if (!text.starts_with('+')) return false;
    const std::string_view digits = text.substr(1);
    return digits.size() >= kFewestDigits && digits.size() <= kMostDigits &&
           digits.front() != '0' && std::all_of(digits.begin(), digits.end(), is_digit);
}

std::optional<std::string> checked_phone_number(std::string_view text, std::string_view country) {
    std::string number = compact(text);
    if (number.starts_with("00"))
        number.replace(0, 2, "+");
    else if (country == kNorthAmerica && number.size() == kNorthAmericanDigits &&
             is_digit(number.front()))
        number.insert(0, country);
    else if (number.starts_with('0') && drops_zero(country))
        number.replace(0, 1, country);
    if (!is_phone_number(number)) return std::nullopt;
    return number;
}

bool begins_with_one_of(std::string_view number, std::span<const std::string> prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [number](const std::string& prefix) { return number.starts_with(prefix); });
}

bool is_premium_number(std::string_view number) {
    return std::any_of(kPremium.begin(), kPremium.end(),
                       [number](std::string_view prefix) { return number.starts_with(prefix); });
}

bool is_allowed_number(std::string_view number, std::span<const std::string> countries) {
    return !is_premium_number(number) &&
           (countries.empty() || begins_with_one_of(number, countries));
}

}  // namespace latchkey
