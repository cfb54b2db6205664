// SPDX-License-Identifier: MIT
//
// Text made safe for the place it is put in. Each function is for its place alone;
// std::nullopt: no escape makes this text safe there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace latchkey::plugin {

// For a component of a URL and for a value of a form (application/x-www-form-urlencoded):
// all but RFC 3986's unreserved characters becomes %XX, also the space, which '+' would
// mean in a form only.
[[nodiscard]] std::string percent_escaped(std::string_view text);

// For the inside of a JSON string. Must be UTF-8.
[[nodiscard]] std::optional<std::string> json_escaped(std::string_view text);

// For the content of an XML element or of an attribute in quotes of either kind. Must be
// UTF-8 without the control characters that XML 1.0 cannot express.
[[nodiscard]] std::optional<std::string> xml_escaped(std::string_view text);

// Well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace latchkey::plugin
