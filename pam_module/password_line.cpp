// SPDX-License-Identifier: MIT
#include "pam_module/password_line.hpp"

#include <security/pam_ext.h>
#include <stdlib.h>

#include <string_view>

namespace latchkey::pam {

namespace {

// The message is the AUTHTOK pointer itself, so that the password is not copied
// once more; null in the first pass, in which nothing has been typed yet.
bool monitor_agrees(const Handle& handle, const char* authtok) {
    const void* item = nullptr;
    if (pam_get_item(handle.get(), PAM_CONV, &item) != PAM_SUCCESS || item == nullptr) return false;
    const auto* conversation = static_cast<const pam_conv*>(item);
    const pam_message message{PAM_BINARY_PROMPT, authtok};
    const pam_message* messages = &message;
    pam_response* responses = nullptr;
    const int result = conversation->conv(1, &messages, &responses, conversation->appdata_ptr);
    free(responses);
    return result == PAM_SUCCESS;
}

}  // namespace

int change_password(const Handle& handle, int flags) {
    if (handle.item(PAM_SERVICE) != "latchkey-password") return PAM_AUTHTOK_ERR;
    if ((flags & PAM_PRELIM_CHECK) != 0)
        return monitor_agrees(handle, nullptr) ? PAM_SUCCESS : PAM_AUTHTOK_ERR;
    const char* authtok = nullptr;
    if (pam_get_authtok(handle.get(), PAM_AUTHTOK, &authtok, nullptr) != PAM_SUCCESS ||
        authtok == nullptr)
        return PAM_AUTHTOK_ERR;
    return monitor_agrees(handle, authtok) ? PAM_SUCCESS : PAM_AUTHTOK_ERR;
}

}  // namespace latchkey::pam
