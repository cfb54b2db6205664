// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace latchkey::mail {

// A sender as people write it: "Example Help Desk <help@example.org>".
struct Mailbox {
    std::string name;     // UTF-8; may be empty
    std::string address;  // passed is_address
};

// "address" or "name <address>"; nothing for anything else.
[[nodiscard]] std::optional<Mailbox> mailbox_of(std::string_view text);

// A plain address of RFC 5321 as SMTP takes it without extensions: dot-atom @
// host name, ASCII, at most 254 bytes. No quotes, comments, literals or lists.
[[nodiscard]] bool is_address(std::string_view text);

// Letters, digits, hyphens and dots, no empty label, at most 253 bytes.
[[nodiscard]] bool is_host_name(std::string_view text);

// This host's name, or "localhost" if that is no host name.
[[nodiscard]] std::string this_host();

}  // namespace latchkey::mail
