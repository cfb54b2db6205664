// SPDX-License-Identifier: MIT
//
// Everything around a verifier, played by the test: the monitor that greets it,
// relays for a claimant and lends keys, and the channels that carry and check.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/secret.hpp"
#include "tests/support/verifier_process.hpp"

namespace latchkey {

// The test has hung up on the verifier, as it meant to.
struct HungUp {};

// The monitor's side of one conversation. Passes over Queued, which may come at
// any time, and counts it.
class Talk {
public:
    explicit Talk(VerifierProcess& verifier) : verifier_(verifier) {}

    // The monitor dies in place of the step after so many.
    void hang_up_after(std::size_t steps) { steps_left_ = steps; }

    template <class M>
    M expect() {
        step();
        while (true) {
            auto packet = verifier_.link().receive(std::chrono::steady_clock::now() +
                                                   std::chrono::seconds{10});
            if (!packet)
                throw std::runtime_error{"the verifier is silent: " + packet.error().detail};
            if (wire::decode<wire::Queued>(packet->bytes)) {
                ++queued;
                continue;
            }
            auto message = wire::decode<M>(packet->bytes);
            if (message) return std::move(*message);
            throw std::runtime_error{"expected message " +
                                     std::to_string(static_cast<int>(M::kType)) + ", got " +
                                     std::to_string(std::to_integer<int>(packet->bytes.front()))};
        }
    }
    // The next question, which is of that kind.
    wire::AskScreen expect_screen(ScreenKind kind);

    template <class M>
    void say(const M& message, int descriptor = -1) {
        step();
        verifier_.say(message, descriptor);
    }
    // The look before the grant.
    void tell_changes(const RecentlyChanged& changed = {}) {
        (void)expect<wire::LookForChanges>();
        say(wire::ChangesSeen{changed});
    }
    void answer(std::string_view text) { say(wire::Answer{Secret{text}}); }
    // Chooses the menu's line of that method.
    void choose(const wire::AskScreen& menu, const std::string& method);

    // Starts a channel that judges or delivers: hands its socket on, takes the
    // call, gives the reply.
    wire::ChannelCall play_channel(
        const std::string& channel,
        const std::function<wire::ChannelReply(const wire::ChannelCall&)>& plugin);
    // The same when StartChannel has been read already.
    wire::ChannelCall serve_channel(
        const std::function<wire::ChannelReply(const wire::ChannelCall&)>& plugin);

    std::size_t queued = 0;

private:
    void step();

    VerifierProcess& verifier_;
    std::optional<std::size_t> steps_left_;
};

// A host with one store and one account, ada.
class VerifierHouse {
public:
    [[nodiscard]] Secret subkey() const;
    [[nodiscard]] wire::RecoveryHello hello(Surface surface, std::uint32_t gates) const;

    // What the command asks. The error's sentence, if there is one, is in `refused`.
    std::vector<nlohmann::json> command(wire::AdminVerb verb, const std::string& address = {},
                                        const std::string& method = "email");
    void enrol_email();
    void enrol_totp();

    // Runs a delivery with a mail gateway that accepts; its calls. What is told of ways that
    // root added, with which nearly every case begins, is passed over by the first one.
    std::vector<wire::ChannelCall> deliver();
    std::vector<wire::ChannelCall> deliver_all();
    // Runs a verifier that probes, with a mail gateway that answers so; whether it asked.
    bool probe(wire::ChannelOutcome outcome);
    // The code in the one message that is queued.
    std::string delivered_code();
    // The number that ada's app shows now.
    [[nodiscard]] std::string otp() const;
    // The totp channel: compares with the number that the key gives now.
    static wire::ChannelReply check_otp(const wire::ChannelCall& call);

    [[nodiscard]] std::vector<std::string> audit_events() const;

    VerifierFiles files;
    SubjectKey subject = "1001:ada";
    std::string refused;

private:
    std::string key_base32_;
};

// The conversation of a claimant who forgot the password and has the mailbox, to
// the end, with a monitor that does the act.
[[nodiscard]] Outcome forgot_at_console(VerifierHouse& house, Talk& talk);

}  // namespace latchkey
