// SPDX-License-Identifier: MIT
#include <memory>
#include <optional>

#include <liboath/oath.h>

#include "plugin_test/checks.hpp"

namespace latchkey::plugin_test {

namespace {

constexpr unsigned kStepSeconds = 30;
constexpr unsigned kDigits = 6;

wire::ChannelCall question_with(const std::string& answer, std::uint64_t last_step = 0) {
    wire::ChannelCall call = question();
    call.answer = Secret{answer};
    call.last_step = last_step;
    return call;
}

// What an app of RFC 6238 shows for the tester's question.
std::string one_time_password() {
    const wire::ChannelCall asked = question();
    char otp[kDigits + 1] = {};
    (void)oath_totp_generate(asked.key.reveal().data(), asked.key.size(),
                             static_cast<time_t>(asked.now), kStepSeconds,
                             OATH_TOTP_DEFAULT_START_TIME, kDigits, otp);
    return otp;
}

// Any but the right digits, in each place.
std::string wrong_answer(std::string otp) {
    for (char& digit : otp) digit = static_cast<char>('0' + (digit - '0' + 5) % 10);
    return otp;
}

Verdict judges(const Subject& subject, const wire::ChannelCall& call, std::uint32_t wanted,
               const char* mend) {
    const Guest guest = subject.guest();
    const Account account = plugin_test::call(guest, call);
    std::string seen = disorder_in(account, guest, call);
    if (seen.empty() && account.seen.result.outcome != wanted)
        seen = "the outcome is " + name_of(account.seen.result.outcome) + " instead of " +
               name_of(wanted);
    return seen.empty() ? passed() : failed(seen, mend);
}

Verdict refuses_spent_steps(const Subject& subject) {
    const std::string otp = one_time_password();
    const Account first = call(subject.guest(), question_with(otp));
    if (first.seen.result.outcome != LATCHKEY_ACCEPTED)
        return skipped("no answer is known to be right: it is no TOTP of 6 digits (RFC 6238)");
    return judges(subject, question_with(otp, first.seen.result.matched_step), LATCHKEY_WRONG,
                  "return Wrong for a step at or before last_step, so that a code works once");
}

Verdict refuses_no_key(const Subject& subject) {
    wire::ChannelCall call = question();
    call.key = Secret{};
    return judges(subject, call, LATCHKEY_MISCONFIGURED,
                  "return Misconfigured for a key that is empty or too short: everybody knows it");
}

}  // namespace

Checks checks_on_answers(const Subject& subject) {
    if (!subject.verifies()) return {};
    return {
        {"finds a wrong answer wrong",
         [&subject] {
             return judges(subject, question_with(wrong_answer(one_time_password())),
                           LATCHKEY_WRONG, "return Wrong, and Accepted for nothing else");
         }},
        {"finds a spent answer wrong", [&subject] { return refuses_spent_steps(subject); }},
        {"says that an empty key is misconfigured", [&subject] { return refuses_no_key(subject); }},
    };
}

}  // namespace latchkey::plugin_test
