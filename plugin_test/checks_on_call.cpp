// SPDX-License-Identifier: MIT
#include <sys/wait.h>

#include "channel_host/plugin_call.hpp"
#include "core/printable.hpp"
#include "plugin_test/checks.hpp"

namespace latchkey::plugin_test {

namespace {

Verdict throws_nothing(const Subject& subject) {
    if (!subject.plain.seen.threw) return passed();
    return failed("an exception was thrown across the border",
                  "catch everything, or derive from latchkey::plugin::Delivery, which does");
}

Verdict does_not_end_the_process(const Subject& subject) {
    if (subject.plain.overdue || subject.plain.seen.threw) return passed();
    const std::string end = end_of(subject.plain, subject.guest());
    if (end.empty()) return passed();
    return failed(end, "return an outcome instead; exit, abort and crashes lose the reply");
}

Verdict returns_in_time(const Subject& subject) {
    if (!subject.plain.overdue) return passed();
    return failed(end_of(subject.plain, subject.guest()),
                  "wait for nothing without a time-out of host.time_left()");
}

Verdict outcome_fits(const Subject& subject) {
    const wire::ChannelCall call = ordinary_call(subject);
    const std::string seen = disorder_in(subject.plain, subject.guest(), call);
    if (seen.empty()) return passed();
    return failed(seen, "return one of the outcomes of its kind (latchkey-plugin(7))");
}

// A result that nobody filled looks the same: 0 without a word.
Verdict says_why(const Subject& subject) {
    const std::uint32_t outcome = subject.plain.seen.result.outcome;
    const bool may_be_silent =
        outcome == LATCHKEY_ACCEPTED || outcome == LATCHKEY_QUEUED || outcome == LATCHKEY_WRONG;
    if (may_be_silent || !subject.plain.log_text().empty()) return passed();
    if (outcome == LATCHKEY_MISCONFIGURED)
        return failed(
            "the outcome is Misconfigured, which is also what nobody set, and for_log is "
            "empty",
            "set an outcome on every path, and say in for_log what is to be put right");
    return failed("the outcome is " + name_of(outcome) + ", and for_log is empty",
                  "say in for_log what went wrong");
}

Verdict works_as_configured(const Subject& subject) {
    if (!subject.channel.configured)
        return skipped("no --config: only what an unconfigured plugin does is seen");
    if (subject.plain.seen.result.outcome != LATCHKEY_MISCONFIGURED) return passed();
    if (subject.plain.log_text().empty()) return skipped("it does not say what it misses");
    return failed("misconfigured: " +
                      escaped(without_confidences(subject.plain.log_text(), subject.channel.setup,
                                                  ordinary_call(subject))),
                  "correct the options in the configuration");
}

}  // namespace

Checks checks_on_call(Subject& subject) {
    return {
        {"throws nothing across the border",
         [&subject] {
             subject.plain = call(subject.guest(), ordinary_call(subject));
             return throws_nothing(subject);
         },
         true},
        {"does not end the process", [&subject] { return does_not_end_the_process(subject); },
         true},
        {"returns before its deadline", [&subject] { return returns_in_time(subject); }, true},
        {"returns an outcome that fits", [&subject] { return outcome_fits(subject); }, true},
        {"sets an outcome, and says why it refuses", [&subject] { return says_why(subject); }},
        {"is content with its configuration", [&subject] { return works_as_configured(subject); }},
    };
}

}  // namespace latchkey::plugin_test
