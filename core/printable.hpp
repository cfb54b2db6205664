// SPDX-License-Identifier: MIT
//
// The one sanitizer: every byte that comes from outside passes here before it
// reaches a terminal, a log or a message.
#pragma once

#include <string>
#include <string_view>

namespace latchkey {

// True if every byte is printable ASCII (0x20 to 0x7e).
[[nodiscard]] bool is_printable(std::string_view text);

// Printable ASCII as it is, a backslash as "\\", every other byte as "\xHH".
[[nodiscard]] std::string escaped(std::string_view text);

// A value of a log line's key=value: in double quotes, those within shown as
// single ones, so that no text ends its value and begins a key of its own. Line
// ends and the like are left to the log, which escapes the whole line.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace latchkey
