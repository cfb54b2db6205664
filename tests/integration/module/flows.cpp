// SPDX-License-Identifier: MIT
#include "tests/integration/module/stack_tables.hpp"

namespace latchkey {

namespace {

using Answers = std::vector<std::string>;

const std::string kCode = "ask Code: \n";
const Answers kForgot{"", "1", "12345678"};

Answers then(Answers answers, const char* last) {
    answers.emplace_back(last);
    return answers;
}

std::vector<Flow> ordinary() {
    return {
        {.name = "the right password is typed", .answers = {"old"}, .right = true},
        {.name = "a wrong password is typed", .answers = {"wrong"}},
        {.name = "a wrong password of any length", .answers = {std::string(4000, 'o')}},
        {.name = "an account without a password", .answers = {""}, .user = "nopass"},
        {.name = "an unknown name", .answers = {"wrong"}, .user = "nobody-of-that-name"},
        {.name = "back, then right", .answers = {"", "", "old"}, .right = true},
        {.name = "back, then wrong", .answers = {"", "", "wrong"}},
        {.name = "back at every question", .answers = {"", "", "", "", "", "", "", ""}},
        {.name = "switched off, right", .answers = {"old"}, .right = true, .switched_on = false},
        {.name = "switched off, wrong", .answers = {"wrong"}, .switched_on = false},
        {.name = "not served, right",
         .answers = {"old"},
         .right = true,
         .arguments = " services=other"},
        {.name = "not served, wrong", .answers = {"wrong"}, .arguments = " services=other"},
        {.name = "not root, right", .answers = {"old"}, .right = true, .root = false},
        {.name = "not root, wrong", .answers = {"wrong"}, .root = false},
        {.name = "the right one was there before", .right = true, .authtok_before = "old"},
        {.name = "a wrong one was there before", .authtok_before = "wrong"},
        {.name = "the module is missing, right",
         .answers = {"old"},
         .right = true,
         .module = "absent/pam_latchkey.so"},
        {.name = "the module is missing, wrong",
         .answers = {"wrong"},
         .module = "absent/pam_latchkey.so"},
    };
}

std::vector<Flow> recoveries() {
    return {
        {.name = "recovered",
         .answers = kForgot,
         .script = kCode + finish(Outcome::Recovered, "old"),
         .right = true},
        {.name = "a forged new password",
         .answers = kForgot,
         .script = kCode + finish(Outcome::Recovered, "forged")},
        {.name = "recovered at once, forged",
         .answers = {"", "1"},
         .script = finish(Outcome::Recovered, "forged")},
        {.name = "recovered without a hand-over, then right",
         .answers = then(kForgot, "old"),
         .script = kCode + finish(Outcome::Recovered),
         .right = true},
        {.name = "recovered without a hand-over, then wrong",
         .answers = then(kForgot, "wrong"),
         .script = kCode + finish(Outcome::Recovered)},
        {.name = "unlocked, then right",
         .answers = {"", "2", "old"},
         .script = finish(Outcome::Unlocked),
         .right = true},
        {.name = "unlocked, then wrong",
         .answers = {"", "2", "wrong"},
         .script = finish(Outcome::Unlocked)},
        {.name = "unlocked, then nothing",
         .answers = {"", "2", ""},
         .script = finish(Outcome::Unlocked)},
        {.name = "unlocked with a password that nobody asked for",
         .answers = {"", "2", "wrong"},
         .script = finish(Outcome::Unlocked, "forged")},
        {.name = "nothing was locked, then right",
         .answers = {"", "2", "old"},
         .script = finish(Outcome::NothingWasLocked),
         .right = true},
        {.name = "nothing was locked, then wrong",
         .answers = {"", "2", "wrong"},
         .script = finish(Outcome::NothingWasLocked)},
        {.name = "back from the recovery, then right",
         .answers = {"", "1", "old"},
         .script = finish(Outcome::Back),
         .right = true},
        {.name = "back from the recovery, then wrong",
         .answers = {"", "1", "wrong"},
         .script = finish(Outcome::Back)},
        {.name = "refused",
         .answers = then(kForgot, ""),
         .script = kCode + finish(Outcome::Refused)},
        {.name = "refused, with a password",
         .answers = then(kForgot, ""),
         .script = kCode + finish(Outcome::Refused, "forged")},
        {.name = "whom to ask", .answers = kForgot, .script = kCode + finish(Outcome::WhomToAsk)},
        {.name = "resume unknown",
         .answers = {"", "BCDF-GHJK", "BCDF-GHJK", "BCDF-GHJK", ""},
         .script = finish(Outcome::ResumeUnknown)},
    };
}

std::vector<Flow> broken() {
    const Answers on{"", "1", "12345678", ""};
    const std::string good = finish(Outcome::Recovered, "forged");
    return {
        {.name = "a dead monitor", .answers = on},
        {.name = "a monitor that dies after the code", .answers = on, .script = kCode},
        {.name = "a missing monitor",
         .answers = on,
         .script = good,
         .monitor = "/usr/libexec/latchkey-test/absent"},
        {.name = "a monitor that others may write",
         .answers = on,
         .script = good,
         .monitor = "/usr/libexec/latchkey-test/loose"},
        {.name = "a monitor with a relative path",
         .answers = on,
         .script = good,
         .monitor = "latchkey-test/monitor"},
        {.name = "garbage", .answers = on, .script = "garbage\n" + good},
        {.name = "too long a message", .answers = on, .script = "long\n" + good},
        {.name = "an outcome of no name",
         .answers = on,
         .script = kCode + finish(static_cast<Outcome>(99), "forged")},
        {.name = "a password asked for by the monitor",
         .answers = {"", "1", "wrong"},
         .script = "hidden Password: \n" + good},
        {.name = "leaves at the password"},
        {.name = "leaves at the reason", .answers = {""}},
        {.name = "leaves at the code", .answers = {"", "1"}, .script = kCode + good},
        {.name = "no replies at the password",
         .answers = on,
         .script = good,
         .breaks = {{1, Breaks::WithoutReplies}}},
        {.name = "no text at the password",
         .answers = on,
         .script = good,
         .breaks = {{1, Breaks::WithoutText}}},
        {.name = "an error with the right password in it",
         .answers = on,
         .script = good,
         .breaks = {{1, Breaks::WithErrorAndText}}},
        {.name = "no text at the reason",
         .answers = on,
         .script = good,
         .breaks = {{2, Breaks::WithoutText}}},
        {.name = "no text at the code",
         .answers = on,
         .script = kCode + good,
         .breaks = {{3, Breaks::WithoutText}}},
    };
}

}  // namespace

std::vector<Flow> flows() {
    std::vector<Flow> all = ordinary();
    for (auto more : {recoveries(), broken()}) all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace latchkey
