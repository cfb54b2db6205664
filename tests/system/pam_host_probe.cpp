// SPDX-License-Identifier: MIT
//
// Looks at the process that loads it, before and after pam_latchkey in the same
// stack: "before" keeps a snapshot in the handle, "after" writes what differs to a
// file of its own in /run/host-probe. A refusal goes on past the line before, so
// "after" ends the stack where no password was handed on.
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <string_view>

#include "tests/support/process_snapshot.hpp"

namespace {

constexpr const char* kKept = "latchkey_host_probe";
constexpr int kOwnErrno = 4095;  // no system call sets it

void discard(pam_handle_t*, void* kept, int) {
    delete static_cast<std::string*>(kept);
}

void keep(pam_handle_t* pamh) {
    errno = kOwnErrno;
    auto* kept = new std::string{latchkey::whole_snapshot()};
    pam_set_data(pamh, kKept, kept, discard);
    errno = kOwnErrno;
}

void compare(pam_handle_t* pamh) {
    static int number = 0;
    const std::string after = latchkey::whole_snapshot();
    const void* kept = nullptr;
    std::string text = "no snapshot before\n";
    if (pam_get_data(pamh, kKept, &kept) == PAM_SUCCESS)
        text = latchkey::difference(*static_cast<const std::string*>(kept), after);
    const void* service = nullptr;
    pam_get_item(pamh, PAM_SERVICE, &service);
    const std::string path = std::string{"/run/host-probe/"} + static_cast<const char*>(service) +
                             '-' + std::to_string(::getpid()) + '-' + std::to_string(number++);
    std::ofstream{path + ".part"} << text;
    static_cast<void>(::rename((path + ".part").c_str(), path.c_str()));
}

}  // namespace

#define PROBE_EXPORT extern "C" __attribute__((visibility("default")))

PROBE_EXPORT int pam_sm_authenticate(pam_handle_t* pamh, int, int argc, const char** argv) {
    if (argc != 1) return PAM_SERVICE_ERR;
    if (std::string_view{argv[0]} == "before") {
        keep(pamh);
        return PAM_IGNORE;
    }
    compare(pamh);
    const void* authtok = nullptr;
    pam_get_item(pamh, PAM_AUTHTOK, &authtok);
    return authtok == nullptr ? PAM_AUTH_ERR : PAM_IGNORE;
}

PROBE_EXPORT int pam_sm_setcred(pam_handle_t*, int, int, const char**) {
    return PAM_IGNORE;
}

PROBE_EXPORT int pam_sm_open_session(pam_handle_t* pamh, int, int argc, const char** argv) {
    if (argc != 1) return PAM_SERVICE_ERR;
    if (std::string_view{argv[0]} == "before")
        keep(pamh);
    else
        compare(pamh);
    return PAM_IGNORE;
}

PROBE_EXPORT int pam_sm_close_session(pam_handle_t*, int, int, const char**) {
    return PAM_IGNORE;
}
