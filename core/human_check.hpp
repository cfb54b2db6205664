// SPDX-License-Identifier: MIT
//
// The question that a person answers more easily than a program: signs drawn as a
// picture, or words that a screen reader reads aloud and that stand for them. A
// speed bump, not a wall: it relaxes no limit.
#pragma once

#include <string>
#include <string_view>

#include "core/ports/vault.hpp"

namespace latchkey {

// kHumanCheckLength signs of kHumanAlphabet.
[[nodiscard]] std::string fresh_human_check(Vault& vault);
[[nodiscard]] bool is_human_check(std::string_view signs);

// Whether `typed` names the signs; case, blanks and hyphens do not matter.
[[nodiscard]] bool answers_human_check(const Vault& vault, std::string_view typed,
                                       std::string_view signs);

// Precondition of both: is_human_check(signs).
// Lines of at most 60 columns, each ended by '\n'.
[[nodiscard]] std::string human_check_picture(std::string_view signs);
// "Kilo, seven, Tango, X-ray, four"
[[nodiscard]] std::string human_check_words(std::string_view signs);

}  // namespace latchkey
