// SPDX-License-Identifier: MIT
//
// What a person wrote back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace latchkey::xmpp {

// Two digits and nothing else but blanks around them.
[[nodiscard]] std::optional<std::string> number_in(std::string_view text);

// Begins with the word "no", "nein" or "deny", in large or small letters.
[[nodiscard]] bool is_denial(std::string_view text);

}  // namespace latchkey::xmpp
