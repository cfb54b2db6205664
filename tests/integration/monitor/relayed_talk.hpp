// SPDX-License-Identifier: MIT
//
// The monitor's half of a talk at work, with the test in the verifier's place and in the
// module's.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/ports/vault.hpp"
#include "monitor/verifier_relay.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/recorded_events.hpp"

namespace latchkey {

using Bytes = std::vector<std::byte>;

inline constexpr std::chrono::seconds kPatience{20};
inline const std::string kMail = "email:example.org";

inline Deadline soon() {
    return std::chrono::steady_clock::now() + kPatience;
}

inline wire::AskScreen screen(ScreenKind kind) {
    wire::AskScreen message;
    message.kind = kind;
    message.method = kind == ScreenKind::OtpCode ? "totp" : "email";
    message.minutes = 10;
    message.items = {{"email", ""}};
    return message;
}

// How far the talk has come when the message is said.
enum class Phase {
    Start,
    ScreenOpen,
    CodeAnswered,
    OtpAnswered,
    EmptyAnswer,
    SavedAnswered,
    Proven,
    ActRefused
};
inline constexpr std::array kPhases{Phase::Start,       Phase::ScreenOpen,  Phase::CodeAnswered,
                                    Phase::OtpAnswered, Phase::EmptyAnswer, Phase::SavedAnswered,
                                    Phase::Proven,      Phase::ActRefused};

inline ScreenKind asked_in(Phase phase) {
    if (phase == Phase::SavedAnswered) return ScreenKind::SavedCode;
    return phase == Phase::OtpAnswered ? ScreenKind::OtpCode : ScreenKind::Code;
}

inline LoginSession session_of_nobody() {
    LoginSession session;
    session.settings.reply_grid = std::chrono::milliseconds{0};
    session.settings.methods["email"].label = "E-mail me";
    session.settings.methods["totp"] = {
        "My app", MethodKind::Verification, {"app"}, std::chrono::minutes{10}};
    session.settings.methods["push"] = {
        "My phone", MethodKind::Approval, {"device"}, std::chrono::minutes{10}};
    session.master_key = Secret{std::string(Vault::kKeyBytes, 'k')};
    session.host_name = "tower";
    session.subject = "#0042";
    return session;
}

inline LoginSession session_of_ada() {
    LoginSession session = session_of_nobody();
    session.subject = "1001:ada";
    session.account.emplace();
    session.account->name = "ada";
    session.account->uid = 1001;
    session.eligible = true;
    session.privileged = false;
    return session;
}

inline LoginSession session_of_ada_who_can_become_root() {
    LoginSession session = session_of_ada();
    session.privileged = true;
    return session;
}

// A relay at work; the test is the verifier, and the module with the person.
class Relay {
public:
    // With `change` it serves one; nothing of it is looked at.
    explicit Relay(LoginSession (*begin)() = session_of_nobody,
                   std::optional<RelayedChange> change = std::nullopt)
        : change_(std::move(change)) {
        auto to_verifier = Seqpacket::make_pair();
        auto to_module = Seqpacket::make_pair();
        if (!to_verifier || !to_module) throw std::runtime_error{"socketpair"};
        verifier_ = std::move(to_verifier->second);
        module_ = std::move(to_module->second);
        monitor_ = std::thread{[this, begin, link = std::move(to_verifier->first),
                                module = std::move(to_module->first)]() mutable {
            const LoginSession session = begin();
            Claimant claimant{std::move(module), soon()};
            claimant.watch(link.fd());
            end_ =
                VerifierRelay{session, link, claimant, clock_, log_, change_ ? &*change_ : nullptr}
                    .run();
        }};
    }
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;
    ~Relay() { (void)ended(); }

    void say(const Bytes& bytes, int descriptor = -1) { (void)verifier_.send(bytes, descriptor); }
    template <class M>
    void say(const M& message) {
        say(wire::encode(message));
    }
    // The person answers what is asked.
    void answer(const std::string& text) {
        REQUIRE(module_.receive_message<wire::Ask>(soon()));
        REQUIRE(module_.send_message(wire::Answer{Secret{text}}));
        REQUIRE(verifier_.receive_message<wire::Answer>(soon()));
    }
    void come_to(Phase phase) {
        if (phase == Phase::Start) return;
        say(screen(asked_in(phase)));
        if (phase == Phase::ScreenOpen) {
            REQUIRE(module_.receive_message<wire::Ask>(soon()));
            return;
        }
        answer(phase == Phase::EmptyAnswer ? "" : "12345678");
        if (phase != Phase::Proven && phase != Phase::ActRefused) return;
        say(wire::Proof{kMail});
        if (phase == Phase::Proven) return;
        say(wire::Perform{});
        REQUIRE(verifier_.receive_message<wire::Acted>(soon()));
    }
    // The types of what comes back, until the monitor has shown that it still
    // listens, or has ended the talk.
    std::vector<wire::Type> replies(bool& is_alive) {
        say(wire::StartChannel{"app"});
        std::vector<wire::Type> types;
        is_alive = false;
        for (auto packet = verifier_.receive(soon()); packet; packet = verifier_.receive(soon())) {
            types.push_back(wire::type_of(packet->bytes).value());
            is_alive = types.back() == wire::Type::ChannelStarted;
            if (is_alive) break;
        }
        return types;
    }
    // Whether the talk goes on behind it; there may be no such plugin.
    bool may_start(const std::string& channel) {
        say(wire::StartChannel{channel});
        return verifier_.receive_message<wire::ChannelStarted>(soon()).has_value();
    }
    // What the monitor makes of the code that was typed there.
    wire::SavedCodeJudged judge_typed(const std::string& text,
                                      ScreenKind kind = ScreenKind::SavedCode) {
        say(screen(kind));
        answer(text);
        say(wire::CheckSavedCode{});
        const auto judged = verifier_.receive_message<wire::SavedCodeJudged>(soon());
        REQUIRE(judged);
        return *judged;
    }
    // Nothing: the monitor has ended the talk.
    std::optional<RecentlyChanged> look_for_changes() {
        say(wire::LookForChanges{});
        const auto seen = verifier_.receive_message<wire::ChangesSeen>(soon());
        return seen ? std::optional{seen->changed} : std::nullopt;
    }
    std::optional<ActResult> perform() {
        say(wire::Perform{});
        const auto acted = verifier_.receive_message<wire::Acted>(soon());
        return acted ? std::optional{acted->result} : std::nullopt;
    }
    const RelayEnd& ended() {
        verifier_.close();
        module_.close();
        if (monitor_.joinable()) monitor_.join();
        return end_;
    }
    [[nodiscard]] Seqpacket& module() { return module_; }

private:
    Seqpacket verifier_{UniqueFd{}};
    Seqpacket module_{UniqueFd{}};
    FakeClock clock_;
    RecordedEvents log_;
    RelayEnd end_;
    std::optional<RelayedChange> change_;
    std::thread monitor_;
};

}  // namespace latchkey
