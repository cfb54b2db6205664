// SPDX-License-Identifier: MIT
//
// Stands for a keyring's module in the host's password stack: writes down with which old and new
// password it would change its key, as pam_gnome_keyring.so takes them.
#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include <cstdio>

namespace {

const char* item(pam_handle_t* handle, int which) {
    const void* value = nullptr;
    if (pam_get_item(handle, which, &value) != PAM_SUCCESS || value == nullptr) return "";
    return static_cast<const char*>(value);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int pam_sm_chauthtok(pam_handle_t* handle,
                                                                       int flags, int,
                                                                       const char**) {
    if ((flags & PAM_PRELIM_CHECK) != 0) return PAM_IGNORE;
    std::FILE* file = std::fopen("/root/keyring", "w");
    if (file == nullptr) return PAM_IGNORE;
    std::fprintf(file, "from=%s to=%s\n", item(handle, PAM_OLDAUTHTOK), item(handle, PAM_AUTHTOK));
    std::fclose(file);
    return PAM_IGNORE;
}
