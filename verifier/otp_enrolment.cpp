// SPDX-License-Identifier: MIT
#include "verifier/otp_enrolment.hpp"

#include <string.h>

#include <array>
#include <cstdlib>
#include <memory>

#include <liboath/oath.h>

#include "core/answers.hpp"

namespace latchkey {

namespace {

// liboath's copy of the key, erased before it is freed.
struct ErasedText {
    void operator()(char* text) const {
        explicit_bzero(text, strlen(text));
        std::free(text);
    }
};

// RFC 3986, section 2.3: what stays as it is.
bool is_unreserved(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string percent_encoded(std::string_view text) {
    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        if (is_unreserved(c)) {
            result += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        result += '%';
        result += kDigits[byte >> 4];
        result += kDigits[byte & 15];
    }
    return result;
}

constexpr unsigned kStepSeconds = 30;
constexpr unsigned kDigits = 6;
constexpr std::size_t kFirstCodes = 2;  // none is spent, and the next one is to be in reach

}  // namespace

std::optional<std::uint64_t> matched_step(OtpKind kind, const Secret& key, std::string_view typed,
                                          TimePoint now) {
    const std::string digits = digits_of(typed);
    if (digits.size() != kDigits || oath_init() != OATH_OK) return std::nullopt;
    const std::string_view bytes = key.reveal();
    if (kind == OtpKind::Counter) {
        const int place =
            oath_hotp_validate(bytes.data(), bytes.size(), 0, kFirstCodes, digits.c_str());
        if (place < 0) return std::nullopt;
        return static_cast<std::uint64_t>(place) + 1;
    }
    const auto seconds = now.time_since_epoch().count();
    int offset = 0;
    std::uint64_t counter = 0;
    const int place = oath_totp_validate4(bytes.data(), bytes.size(), seconds, kStepSeconds, 0, 1,
                                          &offset, &counter, 0, digits.c_str());
    if (place < 0) return std::nullopt;
    return counter;
}

Secret fresh_otp_key(Vault& vault) {
    std::array<std::byte, kOtpKeyBytes> bytes{};
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(vault.uniform(256));
    Secret key{bytes};
    explicit_bzero(bytes.data(), bytes.size());
    return key;
}

Result<Secret> base32(const Secret& key) {
    char* text = nullptr;
    std::size_t length = 0;
    if (oath_base32_encode(key.reveal().data(), key.size(), &text, &length) != OATH_OK)
        return Error{ErrorKind::Unavailable, "base32: out of memory"};
    const std::unique_ptr<char, ErasedText> owned{text};
    std::string_view digits{text, length};
    while (digits.ends_with('=')) digits.remove_suffix(1);
    return Secret{digits};
}

Secret otpauth_uri(OtpKind kind, std::string_view host, std::string_view account,
                   const Secret& key_base32) {
    const bool counts = kind == OtpKind::Counter;
    const std::string issuer = percent_encoded(host);
    std::string uri = std::string{"otpauth://"} + (counts ? "hotp/" : "totp/") + issuer + ':' +
                      percent_encoded(account) + "?secret=";
    uri.reserve(uri.size() + key_base32.size() + issuer.size() + 64);  // one buffer to erase
    uri += key_base32.reveal();
    uri +=
        "&issuer=" + issuer + "&algorithm=SHA1&digits=6" + (counts ? "&counter=0" : "&period=30");
    Secret result{uri};
    explicit_bzero(uri.data(), uri.size());
    return result;
}

std::string authenticator_method(const Settings& settings, std::string_view wish) {
    const OtpKind kind = wish == "hotp" ? OtpKind::Counter : OtpKind::Time;
    for (const auto& [name, method] : settings.methods)
        if (method.kind == MethodKind::Verification && method.otp == kind) return name;
    return {};
}

}  // namespace latchkey
