// SPDX-License-Identifier: MIT
//
// What the messages to an account's addresses have in common.
#pragma once

#include <string>
#include <string_view>

#include "core/recovery_messages.hpp"
#include "core/secret.hpp"

namespace latchkey::message_parts {

// The host's name, or "this host" if it may not be shown.
[[nodiscard]] std::string shown_host(const MessageFacts& facts);
// What a login program or an account says, escaped and cut.
[[nodiscard]] std::string reported(std::string_view text);
// Account, host, time and place, each in a line.
[[nodiscard]] std::string circumstances(const MessageFacts& facts);
// Whom to ask: a line.
[[nodiscard]] std::string advice(const MessageFacts& facts);
// How a code ends something without a login: lines.
[[nodiscard]] std::string without_signing_in(const MessageFacts& facts);
// "ada on host.example.org", cut for a telephone.
[[nodiscard]] std::string short_name(const MessageFacts& facts);
// The code is put in without a plain string of the whole text in between.
[[nodiscard]] Secret joined(std::string_view before, const Secret& code, std::string_view after);

}  // namespace latchkey::message_parts
