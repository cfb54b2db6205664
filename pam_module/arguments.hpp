// SPDX-License-Identifier: MIT
//
// The module's arguments in pam.d (pam_latchkey(8), OPTIONS).
#pragma once

#include <string>
#include <vector>

namespace latchkey::pam {

struct Arguments {
    // services=a,b,c  on which recovery is offered. su and sudo are off: a
    // recovery inside sudo would yield root.
    std::vector<std::string> services{"login", "sshd", "gdm-password", "lightdm", "sddm"};
    // monitor=PATH  the root-owned program that is started.
    std::string monitor = LATCHKEY_LIBEXECDIR "/latchkey-monitor";
    // faillock_dir=PATH  as given to pam_faillock; empty for faillock.conf's.
    std::string faillock_dir;
    // keyword=TEXT  what opens recovery on greeters, which do not accept an empty
    // password; at least 7 bytes.
    std::string keyword = "?forgot";

    std::vector<std::string> unknown;  // for the log; an unknown argument changes nothing
};

[[nodiscard]] Arguments parse_arguments(int argc, const char** argv);

[[nodiscard]] bool is_served(const Arguments& arguments, const std::string& service);

// Display managers, where the keyword does what Enter does.
[[nodiscard]] bool is_greeter(const std::string& service);

}  // namespace latchkey::pam
