// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace latchkey::xmpp {

// "ada@example.org" in small letters, as two addresses are compared (RFC 7622), or nothing if
// `text` is not plainly that: no resource, nothing beyond ASCII, nothing that needs an escape.
[[nodiscard]] std::optional<std::string> bare_jid(std::string_view text);

// The same of an address that may have a resource.
[[nodiscard]] std::optional<std::string> without_resource(std::string_view text);

}  // namespace latchkey::xmpp
