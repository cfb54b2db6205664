// SPDX-License-Identifier: MIT
//
// The bytes of one run of a fuzz target, taken from front to back, and the one way
// in which a target says that a promise was broken. Ends in zeros, never in an error:
// every input means something.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace latchkey::fuzz {

class Input {
public:
    Input(const std::uint8_t* data, std::size_t size)
        : rest_(reinterpret_cast<const char*>(data), size) {}

    [[nodiscard]] bool empty() const { return rest_.empty(); }

    [[nodiscard]] std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const auto value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }
    template <class Number>
    [[nodiscard]] Number number() {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < sizeof(Number); ++i) value = value << 8U | byte();
        return static_cast<Number>(value);
    }
    [[nodiscard]] bool flag() { return (byte() & 1U) != 0; }
    // Precondition: 0 < bound <= 256.
    [[nodiscard]] std::uint32_t below(std::uint32_t bound) { return byte() % bound; }

    // Up to the next byte 0xff, which is left out, or to the end.
    [[nodiscard]] std::string_view part() {
        const std::string_view text = rest_.substr(0, rest_.find('\xff'));
        rest_.remove_prefix(std::min(text.size() + 1, rest_.size()));
        return text;
    }
    [[nodiscard]] std::string text() { return std::string{part()}; }
    [[nodiscard]] std::string_view rest() { return std::exchange(rest_, {}); }

private:
    std::string_view rest_;
};

// Ends the program, so that the fuzzer keeps the input.
inline void holds(bool promise, const char* what) {
    if (promise) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

[[nodiscard]] inline std::span<const std::byte> as_bytes(std::string_view text) {
    return std::as_bytes(std::span{text});
}

}  // namespace latchkey::fuzz
