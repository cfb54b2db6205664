// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/recovery.hpp"
#include "core/result.hpp"

namespace latchkey {

// What the root side found right where saved codes are typed.
struct RightCode {
    bool is_pass = false;                // a temporary pass; else a saved recovery code
    std::uint32_t saved_codes_left = 0;  // behind it; of a saved code
};

// A change of security info that is about to be recorded.
struct ChangeToCome {
    bool is_new = false;     // an enrolment; else something that was there
    bool is_first = false;   // nothing was enrolled before
    std::uint32_t told = 0;  // messages that say so
};

// Port: what only the root side can do, asked for by the verifier and granted
// by the monitor under its own conditions (monitor/permissions). Real:
// verifier/monitor_link. Fake: tests/support/fake_acts.hpp.
class Acts {
public:
    virtual ~Acts() = default;

    // Compares the claimant's *last answer*, which the monitor has relayed and
    // kept, with the account's saved recovery codes and temporary passes. A right code is used
    // up, and so is a pass that is good for once. Nothing: it is neither.
    // Precondition: the attempt is charged. Unavailable: the monitor is gone.
    [[nodiscard]] virtual Result<std::optional<RightCode>> use_saved_code() = 0;

    // Spends the step (of an app's clock, or a token's counter) that the claimant's last answer, an
    // OTP, has matched. Fresh once for each: never for one that is not larger than every step spent
    // before, whatever the store says. Unavailable: the monitor is gone.
    [[nodiscard]] virtual Result<StepResult> spend_step(std::uint64_t step) = 0;

    // Tells the root side that a gate opened in this connection.
    [[nodiscard]] virtual Result<void> report_proof(std::string_view possession) = 0;

    // Tells the root side that the claimant's last answer, or what they came with in place of a
    // resume code, was a veto; `ends_codes`: of saved codes that wait, which the root side drops.
    [[nodiscard]] virtual Result<void> report_veto(bool ends_codes) = 0;
    // Behind a proof: the saved codes that wait are dropped.
    [[nodiscard]] virtual Result<void> end_waiting_codes() = 0;

    // Before a change is recorded in the store, and once: the root side writes down that it comes,
    // and tells it at logins where no message does, so that neither is lost with a process that
    // ends in between. Unavailable: it could not, or the monitor is gone; nothing may be changed.
    [[nodiscard]] virtual Result<void> announce_change(const ChangeToCome& change) = 0;

    // Behind the proofs for an act, and once: what was changed in the account lately, for the
    // notice of it. What cannot be seen counts as not changed. Two seconds at most.
    // Unavailable: the monitor is gone.
    [[nodiscard]] virtual Result<RecentlyChanged> look_for_changes() = 0;

    // Precondition: the grant is spent (Store::spend_grant), so that notice and
    // audit record are on disk before the act. Blocks while the claimant types
    // the new password. Unavailable: the monitor is gone.
    [[nodiscard]] virtual Result<ActResult> perform(Act act) = 0;
};

}  // namespace latchkey
