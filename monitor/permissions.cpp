// SPDX-License-Identifier: MIT
#include "monitor/permissions.hpp"

#include <utility>

namespace latchkey {

namespace {

// core/gates.hpp names them so, too; what is believed here stands here.
constexpr const char* kSavedCodes = "saved";
constexpr const char* kPass = "pass";

bool asks_for_code(ScreenKind kind) {
    return kind == ScreenKind::Code || kind == ScreenKind::RemoteCode ||
           kind == ScreenKind::OtpCode;
}

bool takes_saved_code(ScreenKind kind) {
    return kind == ScreenKind::SavedCode || kind == ScreenKind::AddressOrSavedCode;
}

bool takes_veto(ScreenKind kind) {
    return kind == ScreenKind::Menu || kind == ScreenKind::AddressOrSavedCode;
}

}  // namespace

void ConnectionRecord::answered(ScreenKind kind, bool empty) {
    code_answered_ = !empty && asks_for_code(kind);
    approval_answered_ = kind == ScreenKind::Approval;
    otp_answered_ = !empty && kind == ScreenKind::OtpCode;
    saved_code_checkable_ = !empty && takes_saved_code(kind);
    veto_typed_ = !empty && takes_veto(kind);
}

bool ConnectionRecord::may_hear_veto() {
    return std::exchange(veto_typed_, false);
}

bool ConnectionRecord::may_spend_step() {
    return std::exchange(otp_answered_, false);
}

bool ConnectionRecord::may_check_saved_code() {
    return std::exchange(saved_code_checkable_, false);
}

void ConnectionRecord::saved_code_was(bool right) {
    if (right) saved_code_right_ = true;
}

void ConnectionRecord::pass_was(bool right) {
    if (right) pass_right_ = true;
}

bool ConnectionRecord::accept_proof(const std::string& possession) {
    const bool shown = is_shown(possession);
    if (shown) proofs_.insert(possession);
    return shown;
}

bool ConnectionRecord::is_shown(const std::string& possession) {
    if (possession == kSavedCodes) return saved_code_right_;
    if (possession == kPass) return pass_right_;
    return std::exchange(code_answered_, false) || accept_approval();
}

bool ConnectionRecord::accept_approval() {
    return std::exchange(approval_answered_, false) && device_asked_ && may_ask_device();
}

bool ConnectionRecord::may_act() const {
    if (!has_proof()) return false;
    return !privileged_ || (proofs_.size() >= 2 && proofs_.contains(kSavedCodes));
}

}  // namespace latchkey
