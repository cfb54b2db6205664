// SPDX-License-Identifier: MIT
//
// A QR code as cells, and the ways to show them. What it encodes is a secret:
// so are the cells, the text and the picture.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/secret.hpp"

namespace latchkey::cli {

// Width of the light frame in cells: half of what the standard asks for is what
// readers need, and the code then fits on a terminal of 80 columns.
inline constexpr std::size_t kQuietZone = 2;

class QrCode {
public:
    // Rejected: too long for a QR code.
    static Result<QrCode> of(const Secret& text);
    QrCode(QrCode&&) = default;
    QrCode& operator=(QrCode&&) = default;
    QrCode(const QrCode&) = delete;
    QrCode& operator=(const QrCode&) = delete;
    ~QrCode();

    // Cells on a side, with the quiet zone.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool is_dark(std::size_t column, std::size_t row) const {
        return dark_[row * size_ + column] != 0;
    }

private:
    explicit QrCode(std::size_t size) : size_(size), dark_(size * size, 0) {}

    std::size_t size_ = 0;
    std::vector<char> dark_;
};

enum class QrStyle : std::uint8_t {
    ColouredHalfBlocks,  // black on white whatever the terminal's colours are; UTF-8
    ColouredBlanks,      // the same in ASCII: two blanks for a cell
    PlainHalfBlocks,     // no colours; reads on dark terminals only; UTF-8
};

// Lines with a newline each. Colours are set anew on every line and reset at its
// end: a terminal that scrolls or wraps keeps its own.
[[nodiscard]] std::string drawn(const QrCode& code, QrStyle style);

// A new file of mode 0600, 8 pixels for a cell. Misconfigured: it exists already
// or cannot be written.
Result<void> write_png(const QrCode& code, const std::string& path);

}  // namespace latchkey::cli
