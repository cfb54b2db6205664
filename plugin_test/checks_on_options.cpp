// SPDX-License-Identifier: MIT
#include "plugin_test/checks.hpp"

namespace latchkey::plugin_test {

namespace {

constexpr const char* kUnknown = "an_option_that_nobody_has";

// A plugin that needs no option shows it by trying to reach its service.
Verdict says_misconfigured(const Subject& subject) {
    wire::ChannelSetup setup = duplicate(subject.channel.setup);
    setup.options.clear();
    setup.secret = Secret{};
    // The sandbox of a spool is that of its directory; there is none.
    if (setup.profile == Profile::Spool) setup.profile = Profile::None;
    const Guest guest{subject.file, setup};
    const wire::ChannelCall call = ordinary_call(subject);
    const Account account = plugin_test::call(guest, call);
    const std::string mend =
        "return Misconfigured and name the option that is missing; crash at nothing";
    if (const std::string seen = disorder_in(account, guest, call); !seen.empty())
        return failed(seen, mend);
    if (account.seen.result.outcome == LATCHKEY_MISCONFIGURED || subject.verifies() ||
        account.seen.connections > 0)
        return passed();
    return failed(
        "without options and secret the outcome is " + name_of(account.seen.result.outcome), mend);
}

Verdict passes_over_unknown_options(const Subject& subject) {
    wire::ChannelSetup setup = duplicate(subject.channel.setup);
    setup.options.emplace_back(kUnknown, "1");
    const Guest guest{subject.file, setup};
    const wire::ChannelCall call = ordinary_call(subject);
    const Account account = plugin_test::call(guest, call);
    const std::string mend = "read the options it has by name, and no others";
    if (const std::string seen = disorder_in(account, guest, call); !seen.empty())
        return failed(seen, mend);
    const std::uint32_t before = subject.plain.seen.result.outcome;
    const std::uint32_t after = account.seen.result.outcome;
    if (before == after) return passed();
    return failed("with one the outcome is " + name_of(after) + " instead of " + name_of(before),
                  mend);
}

}  // namespace

Checks checks_on_options(const Subject& subject) {
    return {
        {"says that it is misconfigured if it has neither options nor secret",
         [&subject] { return says_misconfigured(subject); }},
        {"passes over options that it does not know",
         [&subject] { return passes_over_unknown_options(subject); }},
    };
}

}  // namespace latchkey::plugin_test
