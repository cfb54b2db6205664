// SPDX-License-Identifier: MIT
//
// A module of the host's password stack that has a secret of its own to ask for
// once the password is written, as keyrings do.
#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include <cstdlib>

extern "C" __attribute__((visibility("default"))) int pam_sm_chauthtok(pam_handle_t* handle,
                                                                       int flags, int,
                                                                       const char**) {
    if ((flags & PAM_PRELIM_CHECK) != 0) return PAM_SUCCESS;
    char* typed = nullptr;
    const int result = pam_prompt(handle, PAM_PROMPT_ECHO_OFF, &typed, "Keyring password: ");
    std::free(typed);
    return result;
}
