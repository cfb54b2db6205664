// SPDX-License-Identifier: MIT
//
// The monitor's half of the talk with a verifier that serves a login: permits,
// renders, relays, compares saved codes and passes, starts channel hosts, acts.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "core/wire/permitted.hpp"
#include "monitor/acts.hpp"
#include "monitor/channel_start.hpp"
#include "monitor/claimant.hpp"
#include "monitor/login_session.hpp"
#include "monitor/permissions.hpp"
#include "monitor/recent_changes.hpp"

namespace latchkey {

struct RelayEnd {
    Outcome outcome = Outcome::Refused;
    Secret password;
    std::string text;
    // The end is told on this grid; nothing once something was proven.
    std::optional<ReplyGrid> grid;
    std::string rule;  // what decided, for the audit log alone
};

// A change of security info in place of a recovery: nothing is acted upon.
struct RelayedChange {
    bool may_ask_devices = false;  // behind the password, for a change that is to be proven
    std::function<bool(const wire::NewKey&)> show_key;  // false: the person is gone
    // With what was proven before. False: it must not be made.
    std::function<bool(const wire::AnnounceChange&, const std::set<std::string>& proofs)> announce;
    wire::ChangeFinish finish;
    std::set<std::string> proofs;
};

class VerifierRelay {
public:
    VerifierRelay(const LoginSession& session, Seqpacket& verifier, Claimant& claimant,
                  const Clock& clock, EventLog& log, RelayedChange* change = nullptr);

    // Runs until the verifier finishes, breaks the rules or is gone. An outcome
    // that stands for an act is given only if this process has done the act.
    [[nodiscard]] RelayEnd run();

private:
    // The verifier's next message. A person who leaves meanwhile is noticed.
    Result<Packet> next_packet();
    // How long the verifier may take for it.
    [[nodiscard]] Deadline patience() const;
    // False: the talk is over.
    bool handle(const Packet& packet);
    bool ask_screen(const wire::AskScreen& message);
    bool check_saved_code();
    bool spend_step(std::uint64_t step);
    bool hear_veto(const wire::VetoHeard& heard);
    bool end_waiting_codes();
    void drop_waiting_codes() const;
    bool start_conversation_channel(const std::string& channel);
    bool look_for_changes();
    bool perform(Act act);
    ActDone act_at_a_cost(Act act);
    bool finish(const wire::RecoveryFinish& finish);
    bool broken(const char* why);
    // For who got back in with a saved code.
    [[nodiscard]] std::string saved_codes_text() const;
    void tell_kernel(Act act, ActResult result) const;
    // What decided so far, of a conversation that the claimant left.
    void hear_farewell();
    // Until the first proof every reply leaves on a grid, so that its time tells nothing.
    bool wait_for_grid();

    const LoginSession& session_;
    Seqpacket& verifier_;
    Claimant& claimant_;
    const Clock& clock_;
    EventLog& log_;
    wire::PermittedRequests permitted_;
    ConnectionRecord record_;
    ChildProcess channel_host_;
    Secret last_answer_;
    std::optional<std::uint32_t> saved_codes_left_;  // after one was used
    ReplyGrid grid_;
    Deadline left_at_;  // when the person was seen to be gone
    RelayEnd end_;
    bool acted_ = false;
    std::chrono::milliseconds patience_with_home_{kLookingAtHome};  // what is left of it
    RelayedChange* change_;                                         // none: a recovery
};

}  // namespace latchkey
