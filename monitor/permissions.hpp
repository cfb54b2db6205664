// SPDX-License-Identifier: MIT
//
// When the root side acts: its own conditions, whatever a verifier says.
#pragma once

#include <set>
#include <string>

#include "core/screen.hpp"

namespace latchkey {

// What has been seen in one connection. Pure, so that every order of messages
// can be tried in a test.
class ConnectionRecord {
public:
    // `resumes`: the claimant brought a resume code, so that a proof may lie before this
    // connection.
    explicit ConnectionRecord(bool privileged, bool resumes = false)
        : privileged_(privileged), resumes_(resumes), veto_typed_(resumes) {}

    // The claimant answered `kind`; empty answers prove nothing, but on the screen of an
    // approval, where the answer is given elsewhere.
    void answered(ScreenKind kind, bool empty);

    // True once per answer to a screen on which a saved code or a temporary pass may be typed.
    [[nodiscard]] bool may_check_saved_code();
    // What the monitor found in it.
    void saved_code_was(bool right);
    void pass_was(bool right);

    // Nobody's device is asked for an account that can become root, nor before another proof.
    [[nodiscard]] bool may_ask_device() const { return !privileged_ && (has_proof() || resumes_); }
    void device_asked() { device_asked_ = true; }

    // True once per answer to a screen on which a veto may be typed, or where the claimant came
    // with something in place of a resume code.
    [[nodiscard]] bool may_hear_veto();

    // True once per answer to the question for an OTP.
    [[nodiscard]] bool may_spend_step();

    // The verifier says that a gate opened. True if an answer that could have
    // opened it was relayed, and for "saved" and "pass" if the monitor itself found one right.
    [[nodiscard]] bool accept_proof(const std::string& possession);

    [[nodiscard]] bool has_proof() const { return !proofs_.empty(); }
    [[nodiscard]] const std::set<std::string>& proofs() const { return proofs_; }

    // A proof in this connection; for accounts that can become root two, of
    // which one is a saved code that this process compared. A temporary pass is none: whoever
    // talks the administrator into one must not have become the administrator.
    [[nodiscard]] bool may_act() const;

private:
    [[nodiscard]] bool is_shown(const std::string& possession);
    [[nodiscard]] bool accept_approval();

    bool privileged_;
    bool resumes_;
    bool device_asked_ = false;       // in this connection
    bool approval_answered_ = false;  // and not yet used for a proof
    bool code_answered_ = false;      // and not yet used for a proof
    bool otp_answered_ = false;       // and not yet used to spend a step
    bool veto_typed_;                 // perhaps, and not yet heard
    bool saved_code_checkable_ = false;
    bool saved_code_right_ = false;
    bool pass_right_ = false;
    std::set<std::string> proofs_;
};

}  // namespace latchkey
