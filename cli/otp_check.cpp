// SPDX-License-Identifier: MIT
#include "cli/otp_check.hpp"

#include <string.h>

#include <cstdlib>
#include <string>

#include <liboath/oath.h>

#include "core/answers.hpp"

namespace latchkey::cli {

namespace {
constexpr unsigned kStepSeconds = 30;
constexpr unsigned kDigits = 6;
constexpr std::size_t kFirstCodes = 2;  // none is spent, and the next one is to be in reach

// Asks `validate` about the key itself, which is erased behind it.
template <class Validate>
bool is_right(const Secret& key_base32, std::string_view typed, const Validate& validate) {
    const std::string digits = digits_of(typed);
    if (digits.size() != kDigits) return false;
    if (oath_init() != OATH_OK) return false;
    char* key = nullptr;
    std::size_t key_size = 0;
    const std::string_view base32 = key_base32.reveal();
    if (oath_base32_decode(base32.data(), base32.size(), &key, &key_size) != OATH_OK) return false;
    const int position = validate(key, key_size, digits.c_str());
    explicit_bzero(key, key_size);
    std::free(key);
    return position >= 0;
}

}  // namespace

bool is_right_otp(const Secret& key_base32, std::string_view typed, TimePoint now) {
    return is_right(key_base32, typed, [now](const char* key, std::size_t size, const char* otp) {
        return oath_totp_validate(key, size, now.time_since_epoch().count(), kStepSeconds, 0, 1,
                                  otp);
    });
}

bool is_right_hotp(const Secret& key_base32, std::string_view typed) {
    return is_right(key_base32, typed, [](const char* key, std::size_t size, const char* otp) {
        return oath_hotp_validate(key, size, 0, kFirstCodes, otp);
    });
}

}  // namespace latchkey::cli
