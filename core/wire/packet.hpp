// SPDX-License-Identifier: MIT
//
// One datagram of a SOCK_SEQPACKET socket is one message of at most 4,096 bytes:
// a type byte, then fields. Integers are big-endian; text and lists carry a
// 16-bit length. A message that is longer, shorter, empty or has bytes left over
// is a broken peer, and decode() says so by returning nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "core/secret.hpp"

namespace latchkey::wire {

inline constexpr std::size_t kMaxPacket = 4096;

class PacketWriter {
public:
    // All at once: a buffer that grows leaves pieces of a password in freed memory.
    PacketWriter() { bytes_.reserve(kMaxPacket); }

    void put(std::uint8_t value) { bytes_.push_back(static_cast<std::byte>(value)); }
    void put(bool value) { put(static_cast<std::uint8_t>(value)); }
    void put(std::uint16_t value) { put_big_endian(value); }
    void put(std::uint32_t value) { put_big_endian(value); }
    void put(std::uint64_t value) { put_big_endian(value); }
    void put(std::int64_t value) { put_big_endian(static_cast<std::uint64_t>(value)); }
    void put(const std::string& text) { put_text(text); }
    void put(const Secret& secret) { put_text(secret.reveal()); }

    template <typename E>
    requires std::is_enum_v<E>
    void put(E value) { put(static_cast<std::uint8_t>(value)); }

    template <typename T>
    void put(const std::vector<T>& list) {
        put(static_cast<std::uint16_t>(list.size()));
        for (const T& item : list) put(item);
    }

    template <typename A, typename B>
    void put(const std::pair<A, B>& pair) {
        put(pair.first);
        put(pair.second);
    }

    template <typename S>
    requires requires(const S& s) { S::fields(s); }
    void put(const S& structure) {
        std::apply([this](const auto&... field) { (put(field), ...); }, S::fields(structure));
    }

    [[nodiscard]] std::vector<std::byte> take() && { return std::move(bytes_); }

private:
    template <typename U>
    void put_big_endian(U value) {
        for (int shift = static_cast<int>(sizeof(U)) * 8 - 8; shift >= 0; shift -= 8)
            put(static_cast<std::uint8_t>((value >> shift) & 0xffU));
    }
    void put_text(std::string_view text) {
        put(static_cast<std::uint16_t>(text.size()));
        for (const char c : text) bytes_.push_back(static_cast<std::byte>(c));
    }

    std::vector<std::byte> bytes_;
};

// Largest value of each enum that travels; a larger byte is a broken peer.
template <typename E>
struct EnumLast;

class PacketReader {
public:
    explicit PacketReader(std::span<const std::byte> bytes) : rest_(bytes) {}

    [[nodiscard]] bool get(std::uint8_t& value) {
        if (rest_.empty()) return false;
        value = std::to_integer<std::uint8_t>(rest_.front());
        rest_ = rest_.subspan(1);
        return true;
    }
    [[nodiscard]] bool get(bool& value) {
        std::uint8_t raw = 0;
        if (!get(raw) || raw > 1) return false;
        value = raw == 1;
        return true;
    }
    [[nodiscard]] bool get(std::uint16_t& value) { return get_big_endian(value); }
    [[nodiscard]] bool get(std::uint32_t& value) { return get_big_endian(value); }
    [[nodiscard]] bool get(std::uint64_t& value) { return get_big_endian(value); }
    [[nodiscard]] bool get(std::int64_t& value) {
        std::uint64_t raw = 0;
        if (!get(raw)) return false;
        value = static_cast<std::int64_t>(raw);
        return true;
    }
    [[nodiscard]] bool get(std::string& text) {
        std::string_view view;
        if (!get_text(view)) return false;
        text.assign(view);
        return true;
    }
    [[nodiscard]] bool get(Secret& secret) {
        std::string_view view;
        if (!get_text(view)) return false;
        secret = Secret{view};
        return true;
    }

    template <typename E>
    requires std::is_enum_v<E>
    [[nodiscard]] bool get(E& value) {
        std::uint8_t raw = 0;
        if (!get(raw) || raw > static_cast<std::uint8_t>(EnumLast<E>::value)) return false;
        value = static_cast<E>(raw);
        return true;
    }

    template <typename T>
    [[nodiscard]] bool get(std::vector<T>& list) {
        std::uint16_t count = 0;
        if (!get(count) || count > rest_.size()) return false;
        list.clear();
        for (std::uint16_t i = 0; i < count; ++i) {
            T item{};
            if (!get(item)) return false;
            list.push_back(std::move(item));
        }
        return true;
    }

    template <typename A, typename B>
    [[nodiscard]] bool get(std::pair<A, B>& pair) {
        return get(pair.first) && get(pair.second);
    }

    template <typename S>
    requires requires(S& s) { S::fields(s); }
    [[nodiscard]] bool get(S& structure) {
        return std::apply([this](auto&... field) { return (get(field) && ...); },
                          S::fields(structure));
    }

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
    template <typename U>
    [[nodiscard]] bool get_big_endian(U& value) {
        if (rest_.size() < sizeof(U)) return false;
        U result = 0;
        for (std::size_t i = 0; i < sizeof(U); ++i)
            result = static_cast<U>((result << 8) | std::to_integer<U>(rest_[i]));
        value = result;
        rest_ = rest_.subspan(sizeof(U));
        return true;
    }
    [[nodiscard]] bool get_text(std::string_view& text) {
        std::uint16_t length = 0;
        if (!get(length) || length > rest_.size()) return false;
        text = {reinterpret_cast<const char*>(rest_.data()), length};
        rest_ = rest_.subspan(length);
        return true;
    }

    std::span<const std::byte> rest_;
};

}  // namespace latchkey::wire
