// SPDX-License-Identifier: MIT
#include "core/codes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/alphabets.hpp"

namespace latchkey {

namespace {

// Room for one code, erased when it goes out of use.
class Scratch {
public:
    Scratch() = default;
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { explicit_bzero(bytes_.data(), bytes_.size()); }

    void put(char c) {
        if (used_ < bytes_.size()) bytes_[used_++] = c;
    }
    [[nodiscard]] Secret as_secret() const {
        return Secret{std::string_view{bytes_.data(), used_}};
    }

private:
    std::array<char, 64> bytes_{};
    std::size_t used_ = 0;
};

Secret drawn(Vault& vault, std::string_view alphabet, std::size_t length) {
    Scratch code;
    for (std::size_t i = 0; i < length; ++i)
        code.put(alphabet[vault.uniform(static_cast<std::uint32_t>(alphabet.size()))]);
    return code.as_secret();
}

Secret grouped(const Secret& code, std::size_t group, char separator) {
    Scratch shown;
    std::size_t position = 0;
    for (const char c : code.reveal()) {
        if (position != 0 && position % group == 0) shown.put(separator);
        shown.put(c);
        ++position;
    }
    return shown.as_secret();
}

}  // namespace

Secret fresh_code(Vault& vault, std::uint32_t digits) {
    return drawn(vault, "0123456789", digits);
}

Secret shown_code(const Secret& code) {
    return grouped(code, std::max<std::size_t>((code.size() + 1) / 2, 1), ' ');
}

std::string random_hex(Vault& vault, std::size_t digits) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string result;
    for (std::size_t i = 0; i < digits; ++i) result += kHex[vault.uniform(16)];
    return result;
}

Secret fresh_resume_code(Vault& vault) {
    return drawn(vault, kResumeAlphabet, kResumeCodeLength);
}

Secret shown_resume_code(const Secret& code) {
    return grouped(code, 4, '-');
}

Secret fresh_veto_code(Vault& vault) {
    return drawn(vault, kResumeAlphabet, kVetoCodeLength);
}

Secret shown_veto_code(const Secret& code) {
    return grouped(code, 5, '-');
}

Secret fresh_saved_code(Vault& vault) {
    return drawn(vault, kSavedAlphabet, kSavedCodeLength);
}

Secret shown_saved_code(const Secret& code) {
    return grouped(code, 4, '-');
}

}  // namespace latchkey
