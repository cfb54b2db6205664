// SPDX-License-Identifier: MIT
//
// Codes of an authenticator app (RFC 6238), by liboath: SHA-1, 6 digits, 30
// seconds, which is what every app shows whatever its key's address says.
// No options.
#include <string>

#include <latchkey/plugin.hpp>
#include <liboath/oath.h>

#include "plugins/common/typed_otp.hpp"

namespace {

using latchkey::plugin::Host;
using latchkey::plugin::Outcome;
using latchkey::plugin::Question;
using latchkey::plugin::Reply;

constexpr unsigned kStepSeconds = 30;
constexpr std::size_t kShortestKey = 10;  // 80 bits: what the oldest apps were given
constexpr std::uint32_t kWidestWindow = 10;

class TotpVerification final : public latchkey::plugin::Verification {
public:
    Reply verify(const Host&, const Question& question) override {
        // An empty key would make every clock show the same codes.
        if (question.key.size() < kShortestKey)
            return {Outcome::Misconfigured, "the account's key is shorter than 80 bits"};
        if (question.window > kWidestWindow)
            return {Outcome::Misconfigured, "a window of more than 10 steps"};
        const std::string otp = latchkey::plugin::without_spaces(question.answer);
        if (!latchkey::plugin::is_otps(otp, 1)) return {Outcome::Wrong, "not a code"};
        return judge(question, otp);
    }

private:
    static Reply judge(const Question& question, const std::string& otp) {
        if (oath_init() != OATH_OK) return {Outcome::Temporary, "liboath: no start"};
        std::uint64_t step = 0;
        const int found = oath_totp_validate4(question.key.data(), question.key.size(),
                                              static_cast<time_t>(question.now), kStepSeconds,
                                              OATH_TOTP_DEFAULT_START_TIME, question.window,
                                              nullptr, &step, 0, otp.c_str());
        if (found == OATH_INVALID_OTP) return {Outcome::Wrong, ""};
        if (found < 0) return {Outcome::Temporary, oath_strerror_name(found)};
        if (step <= question.last_step) return {Outcome::Wrong, "the code was used before"};
        return {Outcome::Accepted, "", std::chrono::seconds{0}, step};
    }
};

}  // namespace

LATCHKEY_VERIFICATION(TotpVerification, LATCHKEY_VERSION);
