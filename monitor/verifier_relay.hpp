// SPDX-License-Identifier: MIT
//
// The monitor's half of the talk with a verifier that serves a login: permits,
// renders, relays, compares saved codes, starts channel hosts, acts.
#pragma once

#include <string>

#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "core/wire/permitted.hpp"
#include "monitor/acts.hpp"
#include "monitor/channel_start.hpp"
#include "monitor/claimant.hpp"
#include "monitor/login_session.hpp"
#include "monitor/permissions.hpp"

namespace latchkey {

struct RelayEnd {
    Outcome outcome = Outcome::Refused;
    Secret password;
    std::string text;
};

class VerifierRelay {
public:
    VerifierRelay(const LoginSession& session, Seqpacket& verifier, Claimant& claimant,
                  const Clock& clock, EventLog& log);

    // Runs until the verifier finishes, breaks the rules or is gone. An outcome
    // that stands for an act is given only if this process has done the act.
    [[nodiscard]] RelayEnd run();

private:
    // How long the verifier may take for its next message.
    [[nodiscard]] Deadline patience() const;
    // False: the talk is over.
    bool handle(const Packet& packet);
    bool ask_screen(const wire::AskScreen& message);
    bool check_saved_code();
    bool start_verification(const std::string& channel);
    bool perform(Act act);
    bool finish(Outcome outcome);
    bool broken(const char* why);
    // Until the first proof every reply leaves on a grid, so that its time tells nothing.
    bool wait_for_grid();

    const LoginSession& session_;
    Seqpacket& verifier_;
    Claimant& claimant_;
    const Clock& clock_;
    EventLog& log_;
    wire::PermittedRequests permitted_{wire::recovery_permissions()};
    ConnectionRecord record_;
    ChildProcess channel_host_;
    Secret last_answer_;
    std::chrono::steady_clock::time_point answered_at_;
    RelayEnd end_;
    bool acted_ = false;
};

}  // namespace latchkey
