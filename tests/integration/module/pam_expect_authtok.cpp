// SPDX-License-Identifier: MIT
//
// The host's password module in the tests: pam_expect_authtok.so WANT succeeds if
// AUTHTOK is WANT, asks "Again: " if AUTHTOK is unset, and fails otherwise.
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <string.h>

extern "C" __attribute__((visibility("default"))) int pam_sm_authenticate(pam_handle_t* pamh, int,
                                                                          int argc,
                                                                          const char** argv) {
    const char* authtok = nullptr;
    if (argc != 1 || pam_get_authtok(pamh, PAM_AUTHTOK, &authtok, "Again: ") != PAM_SUCCESS ||
        authtok == nullptr)
        return PAM_AUTH_ERR;
    return strcmp(authtok, argv[0]) == 0 ? PAM_SUCCESS : PAM_AUTH_ERR;
}

extern "C" __attribute__((visibility("default"))) int pam_sm_setcred(pam_handle_t*, int, int,
                                                                     const char**) {
    return PAM_SUCCESS;
}
