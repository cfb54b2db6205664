// SPDX-License-Identifier: MIT
//
// The edge to libpam: nothing escapes, nothing decides.
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <syslog.h>

#include <exception>

#include "pam_module/arguments.hpp"
#include "pam_module/exit_code.hpp"
#include "pam_module/handle.hpp"
#include "pam_module/login.hpp"
#include "pam_module/password_line.hpp"

namespace {

// Runs `body` and turns whatever escapes it into `refusal`. An exception must
// not cross into libpam, which is C, and a failure must never read as success.
template <typename Body>
int guarded(pam_handle_t* pamh, const char* entry_point, int refusal, Body&& body) noexcept {
    try {
        return body();
    } catch (const std::exception& e) {
        pam_syslog(pamh, LOG_CRIT, "%s: unexpected: %s", entry_point, e.what());
    } catch (...) {
        pam_syslog(pamh, LOG_CRIT, "%s: unexpected: not a std::exception", entry_point);
    }
    return refusal;
}

}  // namespace

#define LATCHKEY_EXPORT extern "C" __attribute__((visibility("default")))

LATCHKEY_EXPORT int pam_sm_authenticate(pam_handle_t* pamh, int flags, int argc,
                                        const char** argv) {
    return guarded(pamh, "authenticate", PAM_AUTH_ERR, [&] {
        const latchkey::pam::Handle handle{pamh, (flags & PAM_SILENT) != 0};
        return exit_code(authenticate(handle, latchkey::pam::parse_arguments(argc, argv)));
    });
}

// Nothing to establish: the host's own modules authenticated the person.
LATCHKEY_EXPORT int pam_sm_setcred(pam_handle_t*, int, int, const char**) {
    return PAM_IGNORE;
}

LATCHKEY_EXPORT int pam_sm_chauthtok(pam_handle_t* pamh, int flags, int, const char**) {
    return guarded(pamh, "chauthtok", PAM_AUTHTOK_ERR, [&] {
        const latchkey::pam::Handle handle{pamh, (flags & PAM_SILENT) != 0};
        return latchkey::pam::change_password(handle, flags);
    });
}
