// SPDX-License-Identifier: MIT
//
// What only a password needs of the host: a new one, or that of who changes security info. Linked
// in the usual way, libpam and libcrypt would be loaded with the four libraries they bring along,
// for a person who waits for the first screen and may never get as far as an act.
#pragma once

#include <crypt.h>
#include <security/pam_appl.h>

#include "core/result.hpp"

namespace latchkey {

struct HostPam {
    decltype(&::pam_start) start = nullptr;
    decltype(&::pam_set_item) set_item = nullptr;
    decltype(&::pam_get_item) get_item = nullptr;
    decltype(&::pam_authenticate) authenticate = nullptr;
    decltype(&::pam_acct_mgmt) acct_mgmt = nullptr;
    decltype(&::pam_chauthtok) chauthtok = nullptr;
    decltype(&::pam_end) end = nullptr;
};
struct HostCrypt {
    decltype(&::crypt_r) hash = nullptr;
};

// Loaded by their names of the binary interface, from the system's directories,
// and never unloaded. Unavailable: the library is missing or too old.
[[nodiscard]] Result<HostPam> load_host_pam();
[[nodiscard]] Result<HostCrypt> load_host_crypt();

}  // namespace latchkey
