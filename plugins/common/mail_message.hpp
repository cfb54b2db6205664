// SPDX-License-Identifier: MIT
//
// One message as RFC 5322 and MIME want it: UTF-8, one recipient.
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include <latchkey/plugin.hpp>

#include "plugins/common/mailbox.hpp"

namespace latchkey::mail {

// The message with its headers, lines ended by CR LF, not dot-stuffed: text/plain, or
// multipart/alternative of that and the page that `page_template` (html_page.hpp, one that was
// not refused) makes of it. Without a template, or for a text that no page can show, there is no
// page.
//
// Nothing if address, subject or message id cannot stand in a header: control characters
// (so CR, LF, NUL), an address that is_address refuses, a message id with more
// than letters, digits, '.', '-', '_' and ':', or a header of more than 500 bytes.
[[nodiscard]] std::optional<std::string> compose(const Mailbox& from,
                                                 const plugin::Message& message, std::time_t now,
                                                 std::string_view page_template);

}  // namespace latchkey::mail
