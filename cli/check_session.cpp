// SPDX-License-Identifier: MIT
#include "cli/check_session.hpp"

#include <string>

#include "cli/password_service.hpp"

namespace latchkey::cli {

Findings check_session_stacks(const Host& host, const std::vector<ServiceStack>& stacks) {
    const PamFileReader read = pam_files_of(host);
    std::string without;
    bool is_offered = false;
    for (const auto& [service, auth] : stacks) {
        if (place_of_latchkey(auth) == auth.lines.size()) continue;
        is_offered = true;
        const PamStack session = read_pam_stack(read, service, "session");
        if (place_of_latchkey(session) == session.lines.size())
            without += (without.empty() ? "" : ", ") + service;
    }
    if (!is_offered) return {};  // which check_auth_stacks tells
    if (without.empty())
        return {ok("pam.session", "a recovery is told at every login of the account for 30 days")};
    return {warning("pam.session",
                    without + ": pam_latchkey is not in the session stack, so later logins do not "
                              "tell that a recovery happened",
                    std::string("pam-auth-update --package, or where it leaves an edited file "
                                "alone write into common-session: ") +
                        kSessionLine)};
}

}  // namespace latchkey::cli
