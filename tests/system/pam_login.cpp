// SPDX-License-Identifier: MIT
#include "tests/system/pam_login.hpp"

#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>

#include <stdexcept>
#include <utility>

namespace latchkey {
namespace {

using std::chrono::steady_clock;

int converse(int count, const pam_message** messages, pam_response** responses, void* login) {
    auto* const replies =
        static_cast<pam_response*>(calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
    if (replies == nullptr) return PAM_BUF_ERR;
    for (int i = 0; i < count; ++i) {
        const int result = static_cast<PamLogin*>(login)->converse(
            messages[i]->msg_style, messages[i]->msg, &replies[i].resp);
        if (result == PAM_SUCCESS) continue;
        free(replies);
        return result;
    }
    *responses = replies;
    return PAM_SUCCESS;
}

// An application that waits by itself, or not at all.
void no_delay(int, unsigned, void*) {}

}  // namespace

int PamLogin::converse(int style, const char* text, char** answer) {
    const auto now = steady_clock::now();
    transcript_ += std::to_string(style) + '|' + text + '\n';
    if (style != PAM_PROMPT_ECHO_ON && style != PAM_PROMPT_ECHO_OFF) return PAM_SUCCESS;
    if (asked_ > 0 && asked_ <= script_.size())
        replies_.push_back(std::chrono::duration_cast<std::chrono::microseconds>(now - answered_));
    if (asked_++ >= script_.size()) {
        if (before_leaving_ && asked_ == script_.size() + 1) before_leaving_();
        return PAM_CONV_ERR;  // also to a last question to who is gone
    }
    *answer = strdup(script_[asked_ - 1].c_str());
    answered_ = steady_clock::now();
    return *answer != nullptr ? PAM_SUCCESS : PAM_BUF_ERR;
}

void PamLogin::run(Script script) {
    script_ = std::move(script);
    const pam_conv conversation{latchkey::converse, this};
    pam_handle_t* handle = nullptr;
    if (pam_start(service_.c_str(), user_.c_str(), &conversation, &handle) != PAM_SUCCESS)
        throw std::runtime_error("pam_start " + service_);
    union {
        void (*function)(int, unsigned, void*);
        const void* item;
    } delay{no_delay};
    pam_set_item(handle, PAM_FAIL_DELAY, delay.item);
    pam_set_item(handle, PAM_TTY, source_.empty() ? "tty1" : "ssh");
    if (!source_.empty()) pam_set_item(handle, PAM_RHOST, source_.c_str());
    code_ = pam_authenticate(handle, 0);
    pam_end(handle, code_);
}

}  // namespace latchkey
