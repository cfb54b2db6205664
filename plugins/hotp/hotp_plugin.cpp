// SPDX-License-Identifier: MIT
//
// Codes of a token that counts (RFC 4226), by liboath: SHA-1, 6 digits. A code may be a few
// presses of the button ahead; two codes in succession, typed one after the other, may be far
// ahead and bring the token back in step (section 7.4). The step is how far the counter is: one
// more than that of the code. No options; the window is not a clock's, and is ignored.
#include <array>
#include <optional>
#include <string>

#include <latchkey/plugin.hpp>
#include <liboath/oath.h>

#include "plugins/common/typed_otp.hpp"

namespace {

using latchkey::plugin::Host;
using latchkey::plugin::kOtpDigits;
using latchkey::plugin::Outcome;
using latchkey::plugin::Question;
using latchkey::plugin::Reply;

constexpr std::size_t kShortestKey = 16;      // 128 bits: RFC 4226, section 4, R6
constexpr std::uint64_t kLookAhead = 5;       // docs/limits.md
constexpr std::uint64_t kResyncAhead = 1000;  // likewise; monitor/used_steps knows it too
constexpr std::uint64_t kLargestCounter = std::uint64_t{1} << 62;  // no token gets so far

// The codes of one key, from the first that was not used.
class Codes {
public:
    explicit Codes(const Question& question) : question_(question) {}

    // How far the counter is behind these codes, which are in succession; nothing if none of
    // the first `ahead` codes and the one before them begins there.
    [[nodiscard]] std::optional<std::uint64_t> counter_behind(std::string_view typed,
                                                              std::uint64_t ahead) const {
        const std::uint64_t first = question_.last_step;
        for (std::uint64_t counter = first; counter <= first + ahead; ++counter)
            if (are_from(counter, typed)) return counter + typed.size() / kOtpDigits;
        return std::nullopt;
    }

private:
    [[nodiscard]] bool are_from(std::uint64_t counter, std::string_view typed) const {
        for (; !typed.empty(); typed.remove_prefix(kOtpDigits), ++counter)
            if (at(counter) != typed.substr(0, kOtpDigits)) return false;
        return true;
    }
    [[nodiscard]] std::string at(std::uint64_t counter) const {
        std::array<char, kOtpDigits + 1> otp{};
        const int made =
            oath_hotp_generate(question_.key.data(), question_.key.size(), counter, kOtpDigits,
                               false, OATH_HOTP_DYNAMIC_TRUNCATION, otp.data());
        return made == OATH_OK ? std::string{otp.data()} : std::string{};
    }

    const Question& question_;
};

class HotpVerification final : public latchkey::plugin::Verification {
public:
    Reply verify(const Host&, const Question& question) override {
        if (question.key.size() < kShortestKey)
            return {Outcome::Misconfigured, "the account's key is shorter than 128 bits"};
        if (question.last_step > kLargestCounter)
            return {Outcome::Misconfigured, "a counter that no token reaches"};
        const std::string typed = latchkey::plugin::without_spaces(question.answer);
        const bool are_two = latchkey::plugin::is_otps(typed, 2);
        if (!are_two && !latchkey::plugin::is_otps(typed, 1)) return {Outcome::Wrong, "not a code"};
        if (oath_init() != OATH_OK) return {Outcome::Temporary, "liboath: no start"};
        const auto counter =
            Codes{question}.counter_behind(typed, are_two ? kResyncAhead : kLookAhead);
        if (!counter) return {Outcome::Wrong, ""};
        return {Outcome::Accepted, "", std::chrono::seconds{0}, *counter};
    }
};

}  // namespace

LATCHKEY_VERIFICATION(HotpVerification, LATCHKEY_VERSION);
