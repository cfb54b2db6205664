// SPDX-License-Identifier: MIT
#include "pam_module/main_switch.hpp"

#include <sys/stat.h>

namespace latchkey::pam {

bool is_switched_on() {
    struct stat found {};
    return ::lstat("/etc/latchkey/enabled", &found) == 0 && S_ISREG(found.st_mode) &&
           found.st_uid == 0;
}

}  // namespace latchkey::pam
