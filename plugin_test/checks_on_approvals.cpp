// SPDX-License-Identifier: MIT
#include "plugin_test/checks.hpp"

namespace latchkey::plugin_test {

namespace {

// Nobody was asked, and the service repeats what it is told or refuses.
Verdict finds_no_answer(const Subject& subject) {
    const wire::ChannelCall call = look_at(subject.channel.address);
    for (const Peer::Manner manner : {Peer::Manner::Refuses, Peer::Manner::Repeats}) {
        Guest guest = subject.guest();
        guest.peer = manner;
        const Account account = plugin_test::call(guest, call);
        const std::string mend = "return Queued while there is no answer to this request_id";
        if (const std::string seen = disorder_in(account, guest, call); !seen.empty())
            return failed(seen, mend);
        const std::uint32_t outcome = account.seen.result.outcome;
        if (outcome == LATCHKEY_ACCEPTED || outcome == LATCHKEY_WRONG)
            return failed("nobody was asked, and the outcome is " + name_of(outcome), mend);
    }
    return passed();
}

}  // namespace

Checks checks_on_approvals(const Subject& subject) {
    if (!subject.approves()) return {};
    return {{"finds no answer where nobody was asked",
             [&subject] { return finds_no_answer(subject); }}};
}

}  // namespace latchkey::plugin_test
