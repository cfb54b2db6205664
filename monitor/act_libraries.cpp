// SPDX-License-Identifier: MIT
#include "monitor/act_libraries.hpp"

#include <dlfcn.h>

#include <string>

namespace latchkey {

namespace {

Error missing() {
    const char* why = ::dlerror();
    return {ErrorKind::Unavailable, why != nullptr ? why : "a library without the function"};
}

// Global, as if it were linked: some PAM modules do not name libpam themselves.
void* load(const char* library) {
    return ::dlopen(library, RTLD_NOW | RTLD_GLOBAL);
}

template <typename Function>
bool find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    return function != nullptr;
}

}  // namespace

Result<HostPam> load_host_pam() {
    HostPam pam;
    void* library = load("libpam.so.0");
    if (library == nullptr || !find(library, "pam_start", pam.start) ||
        !find(library, "pam_set_item", pam.set_item) ||
        !find(library, "pam_get_item", pam.get_item) ||
        !find(library, "pam_authenticate", pam.authenticate) ||
        !find(library, "pam_acct_mgmt", pam.acct_mgmt) ||
        !find(library, "pam_chauthtok", pam.chauthtok) || !find(library, "pam_end", pam.end))
        return missing();
    return pam;
}

Result<HostCrypt> load_host_crypt() {
    HostCrypt crypt;
    void* library = load("libcrypt.so.1");
    if (library == nullptr || !find(library, "crypt_r", crypt.hash)) return missing();
    return crypt;
}

}  // namespace latchkey
