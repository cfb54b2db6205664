// SPDX-License-Identifier: MIT
#include "channel_host/plugin_call.hpp"
#include "core/printable.hpp"
#include "plugin_test/checks.hpp"

namespace latchkey::plugin_test {

namespace {

Verdict delivers(const Subject& subject, const std::string& address) {
    if (subject.verifies()) return skipped("it checks answers and delivers nothing");
    if (subject.approves()) return skipped("it asks for approvals; a recovery does that");
    Guest guest = subject.guest();
    guest.deadline = std::chrono::seconds{subject.channel.setup.deadline_seconds};
    guest.live = true;
    wire::ChannelCall call = message_to(address);
    call.subject = "Test message of latchkey-plugin-test";
    // Another each time: a service may take two of the same for one that is tried again.
    call.message_id = "latchkey-plugin-test-" + std::to_string(call.expires_at);
    const Account account = plugin_test::call(guest, call);
    if (const std::string seen = disorder_in(account, guest, call); !seen.empty())
        return failed(seen, "see the checks above");
    const std::uint32_t outcome = account.seen.result.outcome;
    if (outcome == LATCHKEY_ACCEPTED || outcome == LATCHKEY_QUEUED) return passed();
    return failed(name_of(outcome) + ": " +
                      escaped(without_confidences(account.log_text(), guest.setup, call)),
                  "put right what it says, in the configuration or at the service");
}

}  // namespace

Checks checks_on_live(const Subject& subject, const std::string& address) {
    if (address.empty()) return {};
    return {{"delivers a message to the address of --live",
             [&subject, address] { return delivers(subject, address); }}};
}

}  // namespace latchkey::plugin_test
