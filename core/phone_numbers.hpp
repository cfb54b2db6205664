// SPDX-License-Identifier: MIT
//
// Telephone numbers, as they are stored (ITU-T E.164) and as people type them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace latchkey {

// "+491701234567": '+', then 7 to 15 digits, the first one not 0 (E.164, 6.2.1).
[[nodiscard]] bool is_phone_number(std::string_view text);

// The number as it will be stored, or nothing if it is none. Blanks, hyphens, dots,
// slashes and brackets are left out, 00 in front is a plus. `country` ("+49", may be
// empty) stands for a leading 0 where that country's numbers lose it; for +1, which dials
// none, it is put before ten digits. Any other number must have its country.
[[nodiscard]] std::optional<std::string> checked_phone_number(std::string_view text,
                                                              std::string_view country);

// True if `number` begins with one of these prefixes ("+49", "+1212").
[[nodiscard]] bool begins_with_one_of(std::string_view number,
                                      std::span<const std::string> prefixes);

// True for numbers that are billed to whoever calls them, and for satellites: nobody
// receives a code there, and fraud does (IRSF). By the ITU's list of assigned codes (E.164
// annex) and the numbering plans of the countries; not complete, a host adds its own.
[[nodiscard]] bool is_premium_number(std::string_view number);

// True for a number that a code may go to: it begins with one of `countries`, if there are
// any, and is no premium number.
[[nodiscard]] bool is_allowed_number(std::string_view number,
                                     std::span<const std::string> countries);

}  // namespace latchkey
