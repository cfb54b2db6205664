// SPDX-License-Identifier: MIT
#pragma once

#include <tuple>
#include <utility>

#include "core/wire/packet.hpp"

namespace latchkey::wire {

// The bytes that a structure takes in a packet, of the kinds that rows are made of.
[[nodiscard]] inline std::size_t packed_size(const std::string& text) {
    return sizeof(std::uint16_t) + text.size();
}
[[nodiscard]] inline std::size_t packed_size(const Secret& secret) {
    return sizeof(std::uint16_t) + secret.size();
}
template <class Number>
requires std::is_integral_v<Number>
[[nodiscard]] std::size_t packed_size(Number) {
    return sizeof(Number);
}
template <class S>
requires requires(const S& s) {
    S::fields(s);
}
[[nodiscard]] std::size_t packed_size(const S& structure) {
    return std::apply([](const auto&... field) { return (packed_size(field) + ...); },
                      S::fields(structure));
}

// Fills messages with rows, as many as fit a packet, and hands each to `send`, which says
// whether it left. Precondition: a row alone fits.
template <class Message, class Send>
class Batches {
public:
    explicit Batches(Send send) : send_(std::move(send)) {}

    template <class Row>
    [[nodiscard]] bool add(Row row) {
        const std::size_t size = packed_size(row);
        if (filled_ + size > kMaxPacket && !leave()) return false;
        filled_ += size;
        message_.rows.push_back(std::move(row));
        return true;
    }
    // The last message: `end` with the rows that are left.
    [[nodiscard]] bool finish(Message end) {
        end.last = true;
        end.rows = std::move(message_.rows);
        return send_(end);
    }

private:
    bool leave() {
        const bool left = send_(message_);
        message_.rows.clear();
        filled_ = kRest;
        return left;
    }

    // The message's other fields are short.
    static constexpr std::size_t kRest = 64;
    Send send_;
    Message message_;
    std::size_t filled_ = kRest;
};

}  // namespace latchkey::wire
