// SPDX-License-Identifier: MIT
//
// What lies sealed in an outbox row: one message to one address. Written when a
// code or a grant is created, opened only by whoever delivers it.
#pragma once

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
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.to, s.subject, s.text, s.message_id);
    }
};

[[nodiscard]] Secret encode_outbox_message(const OutboxMessage& message);
// Nothing if `bytes` are not what encode_outbox_message() gives.
[[nodiscard]] std::optional<OutboxMessage> decode_outbox_message(const Secret& bytes);

}  // namespace latchkey
