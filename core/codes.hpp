// SPDX-License-Identifier: MIT
//
// Fresh codes, and codes as they are printed for people. All are Secret: no
// plain string of a code is left behind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/ports/vault.hpp"
#include "core/secret.hpp"

namespace latchkey {

// A code to be sent: `digits` decimal digits (Settings::code_digits), each drawn
// on its own.
[[nodiscard]] Secret fresh_code(Vault& vault, std::uint32_t digits);
// "1234 5678"; two groups, the first one longer if they differ.
[[nodiscard]] Secret shown_code(const Secret& code);

// 8 letters of kResumeAlphabet; shown as "BCDF-GHJK".
[[nodiscard]] Secret fresh_resume_code(Vault& vault);
[[nodiscard]] Secret shown_resume_code(const Secret& code);

// What ends a change that was not the owner's: kVetoCodeLength letters of kResumeAlphabet,
// shown as "BCDFG-HJKLM".
[[nodiscard]] Secret fresh_veto_code(Vault& vault);
[[nodiscard]] Secret shown_veto_code(const Secret& code);

// A name that nobody can guess, of so many hexadecimal digits.
[[nodiscard]] std::string random_hex(Vault& vault, std::size_t digits);

// 16 signs of kSavedAlphabet; shown as "ABCD-EFGH-JKLM-NPQR".
[[nodiscard]] Secret fresh_saved_code(Vault& vault);
[[nodiscard]] Secret shown_saved_code(const Secret& code);

}  // namespace latchkey
