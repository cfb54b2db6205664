// SPDX-License-Identifier: MIT
//
// What a gateway says in JSON, read without trust.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace latchkey::plugin {

using Json = nlohmann::json;

inline constexpr std::size_t kLargestJson = 64 << 10;  // bytes
inline constexpr int kDeepestJson = 16;                // arrays and objects in each other

// Nothing if `text` is no JSON, larger or deeper than that.
[[nodiscard]] std::optional<Json> parse_json(std::string_view text);

// The member `name` of an object; null without one, or if `object` is none.
[[nodiscard]] const Json& member(const Json& object, const char* name);

// A text, or an empty one if the value is none.
[[nodiscard]] std::string_view text_of(const Json& value);

// A whole number from 0 to `highest`, also one that is written as a text of digits.
[[nodiscard]] std::optional<std::uint32_t> number_of(const Json& value, std::uint32_t highest);

}  // namespace latchkey::plugin
