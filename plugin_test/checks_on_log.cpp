// SPDX-License-Identifier: MIT
#include <string.h>

#include <algorithm>
#include <cctype>

#include "core/printable.hpp"
#include "plugin_test/checks.hpp"

namespace latchkey::plugin_test {

namespace {

std::string digits_of(const std::string& text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
    return digits;
}

bool holds(const std::string& text, std::string_view confidence) {
    return !confidence.empty() && text.find(confidence) != std::string::npos;
}

std::string confidence_in(const std::string& text, const wire::ChannelSetup& setup,
                          const wire::ChannelCall& call) {
    if (holds(text, call.to)) return "the full address";
    if (holds(text, setup.secret.reveal())) return "the channel's secret";
    if (!call.choices.empty() && holds(text, call.message_id)) return "the request's identifier";
    if (holds(text, call.key.reveal())) return "the account's key";
    if (holds(text, call.answer.reveal())) return "the answer";
    if (!call.code.empty() && holds(digits_of(text), call.code.reveal())) return "the code";
    return {};
}

Verdict log_is_one_line(const Subject& subject) {
    const latchkey_result_v1& result = subject.plain.seen.result;
    if (::strnlen(result.for_log, sizeof result.for_log) == sizeof result.for_log)
        return failed("for_log has no NUL", "end it with one; 511 bytes are possible");
    if (is_printable(subject.plain.log_text())) return passed();
    return failed("other than printable ASCII is in for_log or log()",
                  "write short English; do not repeat what a server or a message said");
}

// Also where the service repeats what it was told, as gateways do in their errors.
Verdict log_keeps_confidences(const Subject& subject) {
    wire::ChannelSetup setup = duplicate(subject.channel.setup);
    if (setup.secret.empty()) setup.secret = Secret{kSecretOfTester};
    std::vector<wire::ChannelCall> calls(1);
    calls[0] = ordinary_call(subject);
    if (subject.approves()) calls.push_back(look_at(subject.channel.address));
    for (const wire::ChannelCall& call : calls)
        for (const Peer::Manner manner : {Peer::Manner::Refuses, Peer::Manner::Repeats}) {
            Guest guest{subject.file, setup};
            guest.peer = manner;
            const Account account = plugin_test::call(guest, call);
            const std::string found = confidence_in(account.log_text(), setup, call);
            if (!found.empty())
                return failed(found + " is in for_log or log()",
                              "leave it out: administrators read the log, and it is kept for "
                              "years");
        }
    return passed();
}

}  // namespace

Checks checks_on_log(const Subject& subject) {
    return {
        {"writes log texts of one printable line", [&subject] { return log_is_one_line(subject); }},
        {"keeps code, secret and address out of the log",
         [&subject] { return log_keeps_confidences(subject); }},
    };
}

}  // namespace latchkey::plugin_test
