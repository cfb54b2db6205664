// SPDX-License-Identifier: MIT
//
// What a claimant typed, brought into the form in which it is compared. Every
// function takes any bytes of any length and either understands them or says no.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ports/vault.hpp"

namespace latchkey {

// The longest address that is enrolled or compared (RFC 5321, 4.5.3.1.3).
inline constexpr std::size_t kMaxAddressBytes = 254;

// The digits of a typed code without its spaces and hyphens; empty if anything
// else is in it, or if it is longer than 64 bytes.
[[nodiscard]] std::string digits_of(std::string_view typed);

// 16 signs of kSavedAlphabet in upper case, without spaces and hyphens. Nothing
// is mapped onto anything else: an O is not taken for a Q, nor an L for a 1.
[[nodiscard]] std::optional<std::string> normalised_saved_code(std::string_view typed);

// 8 letters of kResumeAlphabet in upper case, without spaces and hyphens; empty
// if it is not that.
[[nodiscard]] std::string normalised_resume_code(std::string_view typed);
// The same of a veto code, which has 10 letters.
[[nodiscard]] std::string normalised_veto_code(std::string_view typed);

// The signs of kHumanAlphabet in upper case, without spaces and hyphens; empty if
// anything else is in it.
[[nodiscard]] std::string normalised_human_answer(std::string_view typed);

// True if `typed` names the same mailbox as `stored`. ASCII case does not matter,
// neither in the domain nor in the local part: the message goes to the stored
// address whatever was typed, no mail service in use tells Ada from ada, and
// telephones write a capital first. Blanks around `typed` do not matter. The
// time taken depends on `typed` alone.
[[nodiscard]] bool same_address(const Vault& vault, std::string_view typed,
                                std::string_view stored);

// The address as it will be stored (blanks around it removed, domain in lower
// case), or nothing if it is not a plain one: LOCAL@DOMAIN in ASCII of at most
// 254 bytes, LOCAL a dot-atom (RFC 5322) of at most 64, DOMAIN two or more
// labels. Quoted local parts, comments, address literals and control characters
// are refused. Names beyond ASCII are not converted: an internationalised domain
// is enrolled in its xn-- form.
[[nodiscard]] std::optional<std::string> checked_email_address(std::string_view text);

}  // namespace latchkey
