// SPDX-License-Identifier: MIT
#include <algorithm>

#include "plugin_test/checks.hpp"
#include "plugin_test/strangers_bytes.hpp"

namespace latchkey::plugin_test {

namespace {

struct Hostile {
    std::string where;  // "an address"
    wire::ChannelCall (*with)(const Subject& subject, const std::string& bytes);
};

wire::ChannelCall text_with(const Subject& subject, const std::string& bytes) {
    wire::ChannelCall call = message_to(subject.channel.address);
    call.subject = "Your recovery code " + bytes;
    call.text = Secret{"Your recovery code is 4821 0673.\n" + bytes + "\n"};
    return call;
}

wire::ChannelCall address_with(const Subject&, const std::string& bytes) {
    return message_to(bytes);
}

wire::ChannelCall request_text_with(const Subject& subject, const std::string& bytes) {
    wire::ChannelCall call = request_to(subject.channel.address);
    call.subject = "Is that you? " + bytes;
    call.text = Secret{"Somebody wants to get back into your account.\n" + bytes + "\n"};
    return call;
}

wire::ChannelCall request_address_with(const Subject&, const std::string& bytes) {
    return request_to(bytes);
}

wire::ChannelCall look_with_state(const Subject& subject, const std::string& bytes) {
    wire::ChannelCall call = look_at(subject.channel.address);
    call.state = Secret{bytes.substr(0, LATCHKEY_MAX_STATE)};
    return call;
}

wire::ChannelCall look_with_address(const Subject&, const std::string& bytes) {
    return look_at(bytes);
}

wire::ChannelCall answer_with(const Subject&, const std::string& bytes) {
    wire::ChannelCall call = question();
    call.answer = Secret{bytes};
    return call;
}

bool has_control_character(const std::string& text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool was_taken(const Account& account) {
    const std::uint32_t outcome = account.seen.result.outcome;
    return outcome == LATCHKEY_ACCEPTED || outcome == LATCHKEY_QUEUED;
}

Verdict bears(const Subject& subject, const wire::ChannelCall& call) {
    Guest guest = subject.guest();
    guest.peer = Peer::Manner::Repeats;
    const Account account = plugin_test::call(guest, call);
    if (const std::string seen = disorder_in(account, guest, call); !seen.empty())
        return failed(seen, "take the bytes by their length and expect anything in them");
    if (call.verb == wire::ChannelVerb::Verify && was_taken(account))
        return failed("it was accepted", "return Wrong for what is no answer");
    if (!has_control_character(call.to)) return passed();
    const std::string mend = "return Permanent for an address that cannot be one";
    if (was_taken(account)) return failed("the address was taken", mend);
    if (account.received.find(call.to) != std::string::npos)
        return failed("the address reached the service as it was", mend);
    return passed();
}

Verdict bears_peer(const Subject& subject, Peer::Manner manner) {
    Guest guest = subject.guest();
    guest.peer = manner;
    const wire::ChannelCall call = ordinary_call(subject);
    const std::string seen = disorder_in(plugin_test::call(guest, call), guest, call);
    return seen.empty() ? passed()
                        : failed(seen,
                                 "expect of every read that it fails, and of every answer "
                                 "that it means nothing");
}

}  // namespace

Checks checks_on_strangers(const Subject& subject) {
    const std::vector<Hostile> deliveries{{"a message", &text_with}, {"an address", &address_with}};
    const std::vector<Hostile> verifications{{"an answer", &answer_with}};
    const std::vector<Hostile> approvals{{"a request", &request_text_with},
                                         {"an address", &request_address_with},
                                         {"a state", &look_with_state},
                                         {"an address to look for", &look_with_address}};
    const auto& all = subject.verifies()   ? verifications
                      : subject.approves() ? approvals
                                           : deliveries;
    Checks checks{
        {"bears a connection that is reset",
         [&subject] { return bears_peer(subject, Peer::Manner::Resets); }},
        {"bears an answer that is of no protocol",
         [&subject] { return bears_peer(subject, Peer::Manner::Babbles); }},
    };
    for (const Hostile& hostile : all)
        for (const StrangersBytes& each : strangers_bytes())
            checks.push_back({"bears " + hostile.where + " with " + each.name,
                              [&subject, with = hostile.with, bytes = each.bytes] {
                                  return bears(subject, with(subject, bytes));
                              }});
    return checks;
}

}  // namespace latchkey::plugin_test
