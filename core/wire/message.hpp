// SPDX-License-Identifier: MIT
//
// Every message that crosses a process border, in the order in which a login
// uses them, and how one becomes bytes. Who may send which, and when, is
// core/wire/permitted.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/wire/admin_messages.hpp"     // command, monitor and verifier
#include "core/wire/change_messages.hpp"    // a user's command, monitor and verifier
#include "core/wire/channel_messages.hpp"   // and channel host
#include "core/wire/delivery_messages.hpp"  // the same, delivering the outbox
#include "core/wire/login_messages.hpp"     // module and monitor
#include "core/wire/recovery_messages.hpp"  // monitor and verifier

namespace latchkey::wire {

template <class M>
[[nodiscard]] std::vector<std::byte> encode(const M& message) {
    PacketWriter writer;
    writer.put(static_cast<std::uint8_t>(M::kType));
    writer.put(message);
    return std::move(writer).take();
}

// The first byte, if it is one we know.
[[nodiscard]] std::optional<Type> type_of(std::span<const std::byte> packet);

// The message, or nothing if the packet is of another type or malformed.
template <class M>
[[nodiscard]] std::optional<M> decode(std::span<const std::byte> packet) {
    if (packet.size() > kMaxPacket || type_of(packet) != M::kType) return std::nullopt;
    PacketReader reader{packet.subspan(1)};
    M message;
    if (!reader.get(message) || !reader.at_end()) return std::nullopt;
    return message;
}

}  // namespace latchkey::wire
