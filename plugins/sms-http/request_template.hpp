// SPDX-License-Identifier: MIT
//
// Texts with placeholders such as {to}, and each value escaped for the place it stands in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace latchkey::sms_http {

// Where the text will stand.
enum class Place : std::uint8_t { Url, Header, Form, Json, Xml };

// By the placeholder's name, without braces.
using Values = std::map<std::string, std::string, std::less<>>;

// The filled text, or what is wrong with the template as the end of a sentence that begins
// with the option's name. It holds no value.
struct Filled {
    std::optional<std::string> text;
    std::string refusal;
};

// A placeholder is a '{', a lower-case word and a '}'; every other brace is itself, since JSON
// is made of them. It must stand where its value can be made safe: in a URL behind the host; in
// JSON within a string; in XML in the content of an element or in a quoted attribute.
[[nodiscard]] Filled fill(std::string_view text, Place place, const Values& values);

// True if the template has {name}.
[[nodiscard]] bool holds(std::string_view text, std::string_view name);

// What a body of this content type is; nothing if values cannot be escaped for it.
[[nodiscard]] std::optional<Place> place_of(std::string_view content_type);

}  // namespace latchkey::sms_http
