// SPDX-License-Identifier: MIT
#pragma once

#include <string.h>

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace latchkey {

// Bytes that must not outlive their use: a password, a recovery code, a key.
// Cannot be copied, compared with ==, or written to a stream, and is erased on
// destruction. Kept in a vector, not a string: moving a short std::string would
// leave a readable copy behind in the source object.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view text) : bytes_(text.begin(), text.end()) {}
    explicit Secret(std::span<const std::byte> raw) {
        bytes_.reserve(raw.size());
        for (const std::byte byte : raw) bytes_.push_back(static_cast<char>(byte));
    }
    Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) {}
    Secret& operator=(Secret&& other) noexcept {
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() {
        if (!bytes_.empty()) explicit_bzero(bytes_.data(), bytes_.size());
    }

    // A second owner of the same bytes, asked for by name.
    [[nodiscard]] Secret duplicate() const { return Secret{reveal()}; }

    // The one way to the bytes; `git grep reveal` lists every place that looks.
    [[nodiscard]] std::string_view reveal() const noexcept {
        return {bytes_.data(), bytes_.size()};
    }

    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

private:
    std::vector<char> bytes_;
};

}  // namespace latchkey
