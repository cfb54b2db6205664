// SPDX-License-Identifier: MIT
#include "cli/qr_code.hpp"

#include <fcntl.h>
#include <png.h>
#include <qrencode.h>
#include <string.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "adapters/system/unique_fd.hpp"

namespace latchkey::cli {

namespace {

constexpr std::size_t kPixels = 8;

// Colours 16 and 231 are black and white by definition; 0 and 15 are what the
// terminal's theme makes of them.
constexpr const char* kBlackOn = "\x1b[38;5;16m";
constexpr const char* kWhiteOn = "\x1b[38;5;231m";
constexpr const char* kBlackBehind = "\x1b[48;5;16m";
constexpr const char* kWhiteBehind = "\x1b[48;5;231m";
constexpr const char* kReset = "\x1b[0m";
constexpr const char* kUpperHalf = "\xe2\x96\x80";
constexpr const char* kLowerHalf = "\xe2\x96\x84";
constexpr const char* kBothHalves = "\xe2\x96\x88";

bool dark_or_outside(const QrCode& code, std::size_t column, std::size_t row) {
    return row < code.size() && code.is_dark(column, row);
}

void draw_coloured_pair(std::string& text, bool upper_dark, bool lower_dark) {
    text += upper_dark ? kBlackOn : kWhiteOn;
    text += lower_dark ? kBlackBehind : kWhiteBehind;
    text += kUpperHalf;
}

// What is light is drawn: on a dark terminal that gives a dark code on white.
void draw_plain_pair(std::string& text, bool upper_dark, bool lower_dark) {
    if (!upper_dark && !lower_dark) text += kBothHalves;
    if (!upper_dark && lower_dark) text += kUpperHalf;
    if (upper_dark && !lower_dark) text += kLowerHalf;
    if (upper_dark && lower_dark) text += ' ';
}

std::string drawn_in_halves(const QrCode& code, bool coloured) {
    std::string text;
    for (std::size_t row = 0; row < code.size(); row += 2) {
        for (std::size_t column = 0; column < code.size(); ++column) {
            const bool upper = code.is_dark(column, row);
            const bool lower = dark_or_outside(code, column, row + 1);
            coloured ? draw_coloured_pair(text, upper, lower) : draw_plain_pair(text, upper, lower);
        }
        if (coloured) text += kReset;
        text += '\n';
    }
    return text;
}

std::string drawn_in_blanks(const QrCode& code) {
    std::string text;
    for (std::size_t row = 0; row < code.size(); ++row) {
        for (std::size_t column = 0; column < code.size(); ++column) {
            text += code.is_dark(column, row) ? kBlackBehind : kWhiteBehind;
            text += "  ";
        }
        text += kReset;
        text += '\n';
    }
    return text;
}

std::vector<unsigned char> pixels_of(const QrCode& code) {
    const std::size_t side = code.size() * kPixels;
    std::vector<unsigned char> pixels(side * side);
    for (std::size_t y = 0; y < side; ++y) {
        for (std::size_t x = 0; x < side; ++x) {
            pixels[y * side + x] = code.is_dark(x / kPixels, y / kPixels) ? 0x00 : 0xff;
        }
    }
    return pixels;
}

}  // namespace

Result<QrCode> QrCode::of(const Secret& text) {
    const std::string_view bytes = text.reveal();
    const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
    const std::unique_ptr<QRcode, void (*)(QRcode*)> encoded{
        QRcode_encodeData(static_cast<int>(bytes.size()), data, 0, QR_ECLEVEL_L), QRcode_free};
    if (!encoded) return Error{ErrorKind::Rejected, "too long for a QR code"};
    const auto width = static_cast<std::size_t>(encoded->width);
    QrCode code{width + 2 * kQuietZone};
    for (std::size_t row = 0; row < width; ++row) {
        for (std::size_t column = 0; column < width; ++column) {
            const bool dark = (encoded->data[row * width + column] & 1) != 0;
            code.dark_[(row + kQuietZone) * code.size_ + column + kQuietZone] = dark ? 1 : 0;
        }
    }
    explicit_bzero(encoded->data, width * width);
    return code;
}

QrCode::~QrCode() {
    if (!dark_.empty()) explicit_bzero(dark_.data(), dark_.size());
}

std::string drawn(const QrCode& code, QrStyle style) {
    switch (style) {
        case QrStyle::ColouredHalfBlocks:
            return drawn_in_halves(code, true);
        case QrStyle::ColouredBlanks:
            return drawn_in_blanks(code);
        case QrStyle::PlainHalfBlocks:
            return drawn_in_halves(code, false);
    }
    return {};
}

Result<void> write_png(const QrCode& code, const std::string& path) {
    UniqueFd fd{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!fd) return Error{ErrorKind::Misconfigured, path + ": " + strerror(errno)};
    const std::unique_ptr<FILE, int (*)(FILE*)> file{::fdopen(fd.get(), "wb"), ::fclose};
    if (!file) return Error{ErrorKind::Misconfigured, path + ": " + strerror(errno)};
    (void)fd.release();  // the file closes it
    std::vector<unsigned char> pixels = pixels_of(code);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(code.size() * kPixels);
    image.height = image.width;
    image.format = PNG_FORMAT_GRAY;
    const bool written =
        png_image_write_to_stdio(&image, file.get(), 0, pixels.data(), 0, nullptr) != 0 &&
        ::fflush(file.get()) == 0;
    explicit_bzero(pixels.data(), pixels.size());
    if (written) return {};
    ::unlink(path.c_str());
    return Error{ErrorKind::Misconfigured, path + ": cannot be written"};
}

}  // namespace latchkey::cli
