// SPDX-License-Identifier: MIT
#include "monitor/password_change.hpp"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <memory>
#include <utility>

#include "monitor/act_libraries.hpp"
#include "monitor/pam_conversation.hpp"

namespace latchkey {

namespace {

constexpr int kTries = 3;

bool is_current_password(const Secret& password, const Account& account) {
    const Terminated typed{password};
    const Terminated row{account.shadow.password};
    const auto crypt = load_host_crypt();
    if (typed.get() == nullptr || row.get() == nullptr || !crypt) return true;
    const auto work = std::make_unique<crypt_data>();
    const char* hashed = crypt->hash(typed.get(), row.get(), work.get());
    const bool same = hashed != nullptr && strcmp(hashed, row.get()) == 0;
    explicit_bzero(work.get(), sizeof *work);
    return same;
}

// Signals that would end this process between the last answer and the record of
// the act wait until the act is recorded.
class SignalsWait {
public:
    void begin() {
        if (waiting_) return;
        sigset_t ending;
        sigemptyset(&ending);
        for (const int signal : {SIGTERM, SIGHUP, SIGINT}) sigaddset(&ending, signal);
        waiting_ = ::sigprocmask(SIG_BLOCK, &ending, &before_) == 0;
    }

private:
    sigset_t before_{};
    bool waiting_ = false;
};

// One run of the host's password stack: its conversation.
class Try final : public PamConversation {
public:
    Try(Claimant& claimant, const PasswordChangeRequest& request, SignalsWait& signals,
        std::string& unread)
        : claimant_(claimant), request_(request), signals_(signals), unread_(unread) {}

    [[nodiscard]] bool eligibility_refused() const { return eligibility_refused_; }
    [[nodiscard]] bool left() const { return left_; }
    // The ledger would not take it: asking once more cannot help.
    [[nodiscard]] bool unrecorded() const { return unrecorded_; }
    // Whether the stack has our lines at all.
    [[nodiscard]] bool is_ours() const { return first_pass_seen_; }
    [[nodiscard]] bool began_to_write() const { return passed_on_; }
    [[nodiscard]] bool handed_over() const { return hand_overs_ > 1; }
    [[nodiscard]] Secret take_password() { return std::move(password_); }

private:
    // A refusal is sticky: pam_unix asks up to three times whatever it is told. And
    // nothing is asked before our lines had their first pass: where the service is
    // missing libpam runs "other", which would change the password past the floor.
    bool converse_one(const pam_message& message, pam_response& answer) override {
        if (left_ || eligibility_refused_ || floor_refused_ || unrecorded_) return false;
        if (!first_pass_seen_ && message.msg_style != PAM_BINARY_PROMPT) return false;
        switch (message.msg_style) {
            case PAM_PROMPT_ECHO_OFF:
                return answer_with(claimant_.ask_hidden(prompt(unread_, message.msg)), answer);
            case PAM_PROMPT_ECHO_ON:
                return answer_with(claimant_.ask(prompt(unread_, message.msg)), answer);
            case PAM_ERROR_MSG:
            case PAM_TEXT_INFO:
                unread_ += for_the_terminal(message.msg) + '\n';
                return true;
            case PAM_BINARY_PROMPT:
                return take_hand_over(message.msg);
            default:
                return false;
        }
    }

    bool answer_with(std::optional<Secret> typed, pam_response& answer) {
        left_ = !typed.has_value();
        if (left_ || !still_eligible()) return false;
        answer.resp = Terminated{*typed}.release();
        return answer.resp != nullptr;
    }

    bool still_eligible() {
        // Once the password is handed over the row is ours to differ.
        const bool may_differ = hand_overs_ > 0;
        eligibility_refused_ = may_differ ? is_locked(find_local_account(request_.account.name))
                                          : !request_.still_eligible();
        return !eligibility_refused_;
    }

    // From pam_latchkey.so's lines in latchkey-password: null in the first pass,
    // then AUTHTOK before the host's modules write, then AUTHTOK as it was written.
    bool take_hand_over(const char* authtok) {
        if (authtok == nullptr) {
            first_pass_seen_ = true;
            return still_eligible();
        }
        password_ = Secret{std::string_view{authtok}};
        if (++hand_overs_ > 1) return true;
        const std::string refusal =
            floor_refusal(password_, request_.account, request_.min_password_length);
        if (!refusal.empty()) {
            floor_refused_ = true;
            unread_ += refusal + '\n';
            return false;
        }
        signals_.begin();
        // The account last: what comes after this is pam_unix's own hashing and writing.
        unrecorded_ = !request_.about_to_write();
        if (unrecorded_) return false;
        eligibility_refused_ = !request_.still_eligible();
        passed_on_ = !eligibility_refused_;
        return passed_on_;
    }

    Claimant& claimant_;
    const PasswordChangeRequest& request_;
    SignalsWait& signals_;
    std::string& unread_;
    Secret password_;
    int hand_overs_ = 0;
    bool passed_on_ = false;  // the host's modules have had the password
    bool first_pass_seen_ = false;
    bool left_ = false;
    bool eligibility_refused_ = false;
    bool floor_refused_ = false;
    bool unrecorded_ = false;
};

int run_host_stack(const HostPam& pam, const PasswordChangeRequest& request, Try& one_try) {
    const pam_conv conversation = one_try.as_pam();
    pam_handle_t* pamh = nullptr;
    const int started =
        pam.start("latchkey-password", request.account.name.c_str(), &conversation, &pamh);
    if (started != PAM_SUCCESS) return started;
    if (!request.tty.empty()) (void)pam.set_item(pamh, PAM_TTY, request.tty.c_str());
    if (!request.rhost.empty()) (void)pam.set_item(pamh, PAM_RHOST, request.rhost.c_str());
    const int changed = pam.chauthtok(pamh, 0);
    pam.end(pamh, changed);
    return changed;
}

}  // namespace

bool may_be_written(const Account& then, const std::optional<Account>& now, bool could_write) {
    if (!now) return could_write;
    return now->shadow.password.reveal() != then.shadow.password.reveal();
}

bool is_locked(const std::optional<Account>& now) {
    return !now || !is_crypt_hash(now->shadow.password.reveal());
}

std::string floor_refusal(const Secret& password, const Account& account,
                          std::uint32_t min_length) {
    if (password.size() < min_length)
        return "The password is too short, choose at least " + std::to_string(min_length) +
               " characters.";
    if (password.size() == account.name.size() &&
        strncasecmp(password.reveal().data(), account.name.data(), password.size()) == 0)
        return "The password must not be the user name.";
    if (is_current_password(password, account))
        return "That is the password you have now, choose another one.";
    return {};
}

PasswordChange change_password(Claimant& claimant, const PasswordChangeRequest& request) {
    const auto pam = load_host_pam();
    if (!pam) return {ActResult::Failed, {}, {}};
    SignalsWait signals;
    std::string unread = "Choose a new password.\n";
    for (int i = 0; i < kTries; ++i) {
        if (!request.still_eligible()) return {ActResult::NotEligible, {}, {}};
        Try one_try{claimant, request, signals, unread};
        const int result = run_host_stack(*pam, request, one_try);
        const auto now = find_local_account(request.account.name);
        const bool could_write = one_try.began_to_write() || !one_try.is_ours();
        const bool written = may_be_written(request.account, now, could_write);
        if (result == PAM_SUCCESS && written)
            return {ActResult::Done, one_try.handed_over() ? one_try.take_password() : Secret{},
                    std::move(unread)};
        // An administrator who locked the row meanwhile has changed it, too: that is no act of
        // ours.
        const bool ours = written && one_try.began_to_write() && !is_locked(now);
        if (one_try.eligibility_refused() && !ours) return {ActResult::NotEligible, {}, {}};
        if (written) return {ActResult::InPart, {}, std::move(unread)};
        if (one_try.left() || claimant.gone() || one_try.unrecorded() || !one_try.is_ours())
            return {ActResult::Failed, {}, {}};
        if (result == PAM_SUCCESS) return {ActResult::Failed, {}, std::move(unread)};
    }
    return {ActResult::RefusedByPolicy, {}, std::move(unread)};
}

}  // namespace latchkey
