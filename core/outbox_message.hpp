// SPDX-License-Identifier: MIT
//
// What lies sealed in an outbox row: one message to one address. Written when a
// code or a grant is created, opened only by whoever delivers it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "core/secret.hpp"

namespace latchkey {

struct OutboxMessage {
    std::string to;          // the validated address, as it is enrolled
    std::string subject;     // one printable line
    Secret text;             // ASCII, lines ended by '\n'
    std::string message_id;  // 32 hexadecimal digits, the same at every try
    // The same in one line of at most 160 bytes (kMaxShortText), for a text message.
    Secret short_text;
    // The code alone, digits without a blank, for a voice; empty: a notice.
    Secret code;
    std::int64_t expires_at = 0;  // seconds since 1970; worth nothing after it
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.to, s.subject, s.text, s.message_id, s.short_text, s.code, s.expires_at);
    }
};

[[nodiscard]] Secret encode_outbox_message(const OutboxMessage& message);
// Nothing if `bytes` are not what encode_outbox_message() gives.
[[nodiscard]] std::optional<OutboxMessage> decode_outbox_message(const Secret& bytes);

}  // namespace latchkey
