// SPDX-License-Identifier: MIT
//
// The neighbours of pam_latchkey in the tests, as arguments tell:
//   password=WANT  a password module: yes if AUTHTOK, asked for if unset, is WANT.
//                  Says so under oath: WITNESS=yes in the PAM environment.
//   sets=TEXT      puts TEXT into AUTHTOK
//   renames=NAME   puts NAME into PAM_USER
//   errno=set      puts a number into errno that no system call puts there
//   errno=look     writes errno to ERRNO in the PAM environment; ends the stack where
//                  no password was handed on
//   returns=N      the PAM code; without it PAM_IGNORE
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <string.h>

#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>

namespace {

int judge(pam_handle_t* pamh, const char* want) {
    const char* authtok = nullptr;
    if (pam_get_authtok(pamh, PAM_AUTHTOK, &authtok, "Again: ") != PAM_SUCCESS ||
        authtok == nullptr || strcmp(authtok, want) != 0)
        return PAM_AUTH_ERR;
    pam_putenv(pamh, "WITNESS=yes");
    return PAM_SUCCESS;
}

int look_at_errno(pam_handle_t* pamh) {
    const std::string found = "ERRNO=" + std::to_string(errno);
    pam_putenv(pamh, found.c_str());
    const void* authtok = nullptr;
    pam_get_item(pamh, PAM_AUTHTOK, &authtok);
    return authtok == nullptr ? PAM_AUTH_ERR : PAM_IGNORE;
}

int act(pam_handle_t* pamh, int argc, const char** argv) {
    int result = PAM_IGNORE;
    for (int i = 0; i < argc; ++i) {
        const std::string_view argument{argv[i]};
        const std::size_t value = argument.find('=') + 1;
        if (argument.starts_with("password=")) result = judge(pamh, argv[i] + value);
        if (argument.starts_with("sets=")) pam_set_item(pamh, PAM_AUTHTOK, argv[i] + value);
        if (argument.starts_with("renames=")) pam_set_item(pamh, PAM_USER, argv[i] + value);
        if (argument == "errno=look") result = look_at_errno(pamh);
        if (argument == "errno=set") errno = 4095;
        if (argument.starts_with("returns="))
            std::from_chars(argv[i] + value, argv[i] + argument.size(), result);
    }
    return result;
}

}  // namespace

#define WITNESS_EXPORT extern "C" __attribute__((visibility("default")))

WITNESS_EXPORT int pam_sm_authenticate(pam_handle_t* pamh, int, int argc, const char** argv) {
    return act(pamh, argc, argv);
}
WITNESS_EXPORT int pam_sm_setcred(pam_handle_t*, int, int, const char**) {
    return PAM_SUCCESS;
}
WITNESS_EXPORT int pam_sm_open_session(pam_handle_t* pamh, int, int argc, const char** argv) {
    return act(pamh, argc, argv);
}
WITNESS_EXPORT int pam_sm_close_session(pam_handle_t* pamh, int, int argc, const char** argv) {
    return act(pamh, argc, argv);
}
