// SPDX-License-Identifier: MIT
//
// One message as RFC 5322 and MIME want it: text/plain, UTF-8, one recipient.
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include <latchkey/plugin.hpp>

#include "plugins/common/mailbox.hpp"

namespace latchkey::mail {

// The message with its headers, lines ended by CR LF, not dot-stuffed. Nothing if
// address, subject or message id cannot stand in a header: control characters
// (so CR, LF, NUL), an address that is_address refuses, a message id with more
// than letters, digits, '.', '-', '_' and ':', or a header of more than 500 bytes.
[[nodiscard]] std::optional<std::string> compose(const Mailbox& from,
                                                 const plugin::Message& message, std::time_t now);

// RFC 2047: `text` as it is if it is printable ASCII, else as encoded words of at
// most 75 characters, on lines of their own.
[[nodiscard]] std::string encoded_words(std::string_view text);

// RFC 2045: lines of at most 76 characters, ended by CR LF; '\n' ends a line.
[[nodiscard]] std::string quoted_printable(std::string_view text);

}  // namespace latchkey::mail
