// SPDX-License-Identifier: MIT
#include "core/outbox_message.hpp"

#include <string.h>

#include <span>

#include "core/wire/packet.hpp"

namespace latchkey {

Secret encode_outbox_message(const OutboxMessage& message) {
    wire::PacketWriter writer;
    writer.put(message);
    auto bytes = std::move(writer).take();
    Secret encoded{std::span<const std::byte>{bytes}};
    explicit_bzero(bytes.data(), bytes.size());
    return encoded;
}

std::optional<OutboxMessage> decode_outbox_message(const Secret& bytes) {
    wire::PacketReader reader{std::as_bytes(std::span{bytes.reveal()})};
    OutboxMessage message;
    if (!reader.get(message) || !reader.at_end()) return std::nullopt;
    return message;
}

}  // namespace latchkey
