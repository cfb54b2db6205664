// SPDX-License-Identifier: MIT
//
// The edge to libpam: nothing escapes, nothing decides.
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <syslog.h>

#include <cerrno>
#include <exception>

#include "pam_module/arguments.hpp"
#include "pam_module/exit_code.hpp"
#include "pam_module/handle.hpp"
#include "pam_module/login.hpp"
#include "pam_module/password_line.hpp"
#include "pam_module/session.hpp"

// Of the static libstdc++, which declares it nowhere: frees the memory that it has
// kept since it was loaded for exceptions in want of memory.
namespace __gnu_cxx {  // NOLINT(bugprone-reserved-identifier)
void __freeres();      // NOLINT(bugprone-reserved-identifier)
}

namespace {

// A host that signs in many people loads and unloads this module for each: what a
// library keeps for ever must go with it.
__attribute__((destructor)) void give_back_at_unload() {
    __gnu_cxx::__freeres();
}

// errno belongs to the host process: what stood in it before a call stands in it after.
class KeepsErrno {
public:
    KeepsErrno() = default;
    KeepsErrno(const KeepsErrno&) = delete;
    KeepsErrno& operator=(const KeepsErrno&) = delete;
    ~KeepsErrno() { errno = before_; }

private:
    int before_ = errno;
};

// Runs `body` and turns whatever escapes it into `refusal`. An exception must
// not cross into libpam, which is C, and a failure must never read as success.
template <typename Body>
int guarded(pam_handle_t* pamh, const char* entry_point, int refusal, Body&& body) noexcept {
    const KeepsErrno keeps_errno;
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
        return exit_code(authenticate(handle, latchkey::pam::parse_arguments(argc, argv), flags));
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

// Tells, and decides nothing: whatever goes wrong, the session opens as without this line.
LATCHKEY_EXPORT int pam_sm_open_session(pam_handle_t* pamh, int flags, int argc,
                                        const char** argv) {
    return guarded(pamh, "open_session", PAM_IGNORE, [&] {
        const bool silent = (flags & PAM_SILENT) != 0;
        if (!silent)
            begin_session(latchkey::pam::Handle{pamh, silent},
                          latchkey::pam::parse_arguments(argc, argv));
        return PAM_IGNORE;
    });
}

LATCHKEY_EXPORT int pam_sm_close_session(pam_handle_t*, int, int, const char**) {
    return PAM_IGNORE;
}
