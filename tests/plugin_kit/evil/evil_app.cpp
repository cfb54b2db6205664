// SPDX-License-Identifier: MIT
//
// The same for a plugin that checks answers: TOTP by liboath, with one fault, EVIL_FAULT.
#include <signal.h>

#include <string>
#include <string_view>

#include <latchkey/plugin.h>
#include <liboath/oath.h>

namespace {

constexpr std::string_view fault = EVIL_FAULT;

void say(latchkey_result_v1& result, std::uint32_t outcome, const std::string& text,
         std::uint64_t step = 0) {
    result.outcome = outcome;
    result.matched_step = step;
    result.for_log[text.copy(result.for_log, sizeof result.for_log - 1)] = '\0';
}

void verify(const latchkey_host_v1*, const latchkey_question_v1* question,
            latchkey_result_v1* result) {
    const std::string answer{question->answer.data, question->answer.length};
    if (question->key.length == 0 && fault == "takes_an_empty_key")
        return say(*result, LATCHKEY_WRONG, "");
    if (question->key.length == 0) return say(*result, LATCHKEY_MISCONFIGURED, "the key is empty");
    if (fault == "crashes_at_a_strange_answer" && answer.size() > 5000) ::raise(SIGSEGV);
    if (fault == "accepts_what_is_long" && answer.size() > 5000)
        return say(*result, LATCHKEY_ACCEPTED, "", question->now / 30);
    if (answer.size() != 6 || answer.find_first_not_of("0123456789") != std::string::npos)
        return say(*result, LATCHKEY_WRONG, "no code");
    if (fault == "accepts_six_digits" && answer != "000000" && question->last_step == 0)
        return say(*result, LATCHKEY_ACCEPTED, "", question->now / 30);
    std::uint64_t step = 0;
    const int found = oath_totp_validate4(question->key.data, question->key.length,
                                          static_cast<time_t>(question->now), 30, 0,
                                          question->window, nullptr, &step, 0, answer.c_str());
    const bool spent = step <= question->last_step && fault != "accepts_what_is_spent";
    if (found < 0 || spent) return say(*result, LATCHKEY_WRONG, "");
    say(*result, LATCHKEY_ACCEPTED, "", step);
}

constexpr latchkey_plugin_table_v1 table{sizeof(latchkey_plugin_table_v1),
                                         LATCHKEY_ABI,
                                         LATCHKEY_VERIFICATION,
                                         0,
                                         "1.0",
                                         nullptr,
                                         &verify,
                                         nullptr};

}  // namespace

extern "C" {
LATCHKEY_EXPORT = &table;
}
