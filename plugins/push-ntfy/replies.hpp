// SPDX-License-Identifier: MIT
//
// What an ntfy server says, read without trust.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::ntfy {

// The numbers of two digits in "17 42 88".
[[nodiscard]] std::vector<std::string> numbers_in(std::string_view choices);

// When the server took a message, by its clock, as it says in its answer.
[[nodiscard]] std::optional<std::uint32_t> time_in(std::string_view body);

// What a press of the button that denies says in the place of a number.
inline constexpr std::string_view kDenial = "deny";

// What the messages "REQUEST_ID:ANSWER" of a list say, one JSON object a line: kDenial if one of
// them does, as a denial counts whatever was pressed beside it; else the first number.
[[nodiscard]] std::optional<std::string> answer_in(std::string_view body,
                                                   std::string_view request_id);

}  // namespace latchkey::ntfy
