// SPDX-License-Identifier: MIT
//
// What a call says, in Twilio's markup.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace latchkey::twilio {

// The digits of `code` one by one with pauses, twice; nothing if they are no digits.
[[nodiscard]] std::optional<std::string> spoken_code(std::string_view code);

// The same, but only to somebody who presses a key: a mailbox presses none. Twilio then asks
// for what comes next at `key_press_url`, an https address, which gets the digits as the
// parameter "code" with pauses between them.
[[nodiscard]] std::optional<std::string> spoken_code_after_key(std::string_view code,
                                                               std::string_view key_press_url);

// A notice, twice; nothing if it holds what cannot be said.
[[nodiscard]] std::optional<std::string> spoken_notice(std::string_view text);

}  // namespace latchkey::twilio
