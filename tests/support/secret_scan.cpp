// SPDX-License-Identifier: MIT
#include "tests/support/secret_scan.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <utility>

namespace latchkey {
namespace {

constexpr std::size_t longest_number = 8;
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base32_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char sign) { return static_cast<char>(std::tolower(sign)); });
    return text;
}

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char sign) { return static_cast<char>(std::toupper(sign)); });
    return text;
}

// The digits that `bytes` alone decide when `before` unknown bytes were encoded in
// front of them and anything behind. Each digit stands for `width` bits.
std::string core(std::string_view bytes, std::size_t before, std::string_view digits,
                 std::size_t width) {
    const std::size_t first = (before * 8 + width - 1) / width;
    const std::size_t end = (before + bytes.size()) * 8 / width;
    std::string text;
    for (std::size_t digit = first; digit < end; ++digit) {
        unsigned value = 0;
        for (std::size_t bit = digit * width - before * 8, i = 0; i < width; ++i, ++bit) {
            const auto byte = static_cast<unsigned char>(bytes[bit / 8]);
            value = value << 1U | ((byte >> (7 - bit % 8)) & 1U);
        }
        text += digits[value];
    }
    return text;
}

std::string utf16(std::string_view bytes, bool big_endian) {
    std::string text;
    for (const char byte : bytes) {
        if (big_endian) text += '\0';
        text += byte;
        if (!big_endian) text += '\0';
    }
    return text;
}

bool is_digit(std::string_view bytes, std::size_t at) {
    return at < bytes.size() && std::isdigit(static_cast<unsigned char>(bytes[at])) != 0;
}

unsigned start_of(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]) * 256U + static_cast<unsigned char>(bytes[at + 1]);
}

}  // namespace

void SecretScan::add(const std::string& secret, const std::string& encoding, std::string bytes,
                     bool is_number) {
    const unsigned start = start_of(bytes, 0);
    std::vector<Pattern>& same_start = by_start_[start];
    const bool is_known = std::any_of(same_start.begin(), same_start.end(), [&](const Pattern& p) {
        return p.secret == secret && p.bytes == bytes;
    });
    if (is_known) return;
    same_start.push_back({secret, encoding, std::move(bytes), is_number});
    starts_[start] = true;
    ++count_;
}

void SecretScan::know(const std::string& secret, std::string_view bytes) {
    if (bytes.size() < kShortest) throw std::runtime_error("too short to look for: " + secret);
    const bool is_number = bytes.size() <= longest_number &&
                           bytes.find_first_not_of("0123456789") == std::string_view::npos;
    add(secret, "raw", std::string(bytes), is_number);
    const std::string hex = core(bytes, 0, hex_digits, 4);
    add(secret, "hex", hex);
    add(secret, "hex", upper(hex));
    for (std::size_t before = 0; before < 5; ++before) {
        const std::string base32 = core(bytes, before, base32_digits, 5);
        add(secret, "base32", base32);
        add(secret, "base32", lower(base32));
    }
    for (std::size_t before = 0; before < 3; ++before) {
        std::string base64 = core(bytes, before, base64_digits, 6);
        add(secret, "base64", base64);
        std::replace(base64.begin(), base64.end(), '+', '-');
        std::replace(base64.begin(), base64.end(), '/', '_');
        add(secret, "base64", base64);
    }
    add(secret, "utf-16", utf16(bytes, false));
    add(secret, "utf-16", utf16(bytes, true));
}

std::vector<Sighting> SecretScan::look_in(std::string_view bytes) const {
    std::vector<Sighting> sightings;
    for (std::size_t at = 0; at + 1 < bytes.size(); ++at) {
        const unsigned start = start_of(bytes, at);
        if (!starts_[start]) continue;
        for (const Pattern& pattern : by_start_.at(start)) {
            if (bytes.compare(at, pattern.bytes.size(), pattern.bytes) != 0) continue;
            if (pattern.is_number &&
                ((at > 0 && is_digit(bytes, at - 1)) || is_digit(bytes, at + pattern.bytes.size())))
                continue;
            sightings.push_back({pattern.secret, pattern.encoding, at});
        }
    }
    return sightings;
}

}  // namespace latchkey
